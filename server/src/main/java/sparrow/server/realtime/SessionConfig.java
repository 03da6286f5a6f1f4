package sparrow.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.reply.Json;
import sparrow.server.reply.RefusedException;
import sparrow.server.reply.RequestOverrides;
import sparrow.server.reply.ServedModel;
import sparrow.server.reply.ToolUse;

/**
 * The settings of a session that a client may change.
 *
 * @param modality of responses
 * @param instructions how the model is to answer; empty for none
 * @param inputFormat of the client's sound
 * @param transcribes whether what the user says is written down
 * @param turnDetection none for manual turns
 * @param outputFormat of the server's sound
 * @param voice as the client calls it
 * @param maxOutputTokens of a response; none for as many as the server allows
 * @param tools that the model may call
 * @param truncation for a full context
 * @param overrides exits of the model
 */
record SessionConfig(
        OutputModality modality,
        String instructions,
        RealtimeFormat inputFormat,
        boolean transcribes,
        Optional<TurnDetection> turnDetection,
        RealtimeFormat outputFormat,
        String voice,
        OptionalInt maxOutputTokens,
        ToolUse tools,
        Truncation truncation,
        RequestOverrides overrides) {
    /** The settings at the beginning of a session. */
    static final SessionConfig DEFAULT = new SessionConfig(
            OutputModality.AUDIO,
            "",
            RealtimeFormat.PCM,
            false,
            Optional.of(TurnDetection.DEFAULT),
            RealtimeFormat.PCM,
            ServedModel.OWN_VOICE,
            OptionalInt.empty(),
            ToolUse.NONE,
            new Truncation.Auto(),
            RequestOverrides.NONE);

    /** OpenAI's own realtime models, one of which its clients name by themselves. */
    private static final Pattern OPENAI = Pattern.compile("gpt-(4o-)?(mini-)?realtime(-.*)?");

    /** The settings for a telephone: sound both ways at its rate, turns that the server finds, and no program that runs tools. */
    SessionConfig ofTelephone() {
        return new SessionConfig(
                OutputModality.AUDIO,
                instructions,
                RealtimeFormat.PCMU,
                false,
                Optional.of(turnDetection.orElse(TurnDetection.DEFAULT)),
                RealtimeFormat.PCMU,
                voice,
                maxOutputTokens,
                ToolUse.NONE,
                truncation,
                overrides);
    }

    /** The instructions, if there are any. */
    Optional<String> instruction() {
        return instructions.isBlank() ? Optional.empty() : Optional.of(instructions);
    }

    /**
     * The settings with what a client says of them in its {@code session}.
     *
     * @param servedModel the only one that there is
     * @throws RefusedException if anything of it cannot be; nothing is changed then
     */
    SessionConfig merge(SessionFields session, String servedModel) {
        String model = session.model();
        if (model != null
                && !model.equals(servedModel)
                && !OPENAI.matcher(model).matches()) {
            throw RefusedException.value(
                    "session.model", "session.model: expected " + servedModel + ", got " + Json.shown(model));
        }
        SessionFields.Audio audio = session.audio() == null ? new SessionFields.Audio(null, null) : session.audio();
        SessionFields.Input input = audio.input() == null ? SessionFields.Input.NONE : audio.input();
        SessionFields.Output output = audio.output() == null ? SessionFields.Output.NONE : audio.output();
        return new SessionConfig(
                SessionFields.modality(session.outputModalities(), modality),
                session.instructions() == null ? instructions : session.instructions(),
                SessionFields.Format.chosen(input.format(), inputFormat),
                input.transcription() == null
                        ? transcribes
                        : !input.transcription().isNull(),
                TurnDetection.merge(turnDetection, input.turnDetection()),
                SessionFields.Format.chosen(output.format(), outputFormat),
                output.voice() == null ? voice : output.voice(),
                SessionFields.maxOutputTokens(session.maxOutputTokens(), maxOutputTokens),
                tools.merge(session.tools(), session.toolChoice()),
                session.truncation() == null ? truncation : session.truncation(),
                overrides.withExits(session.sparrow(), "session.sparrow"));
    }

    /**
     * The differences from a client's {@code session}, where those are not refused; null if there are none.
     *
     * @param leftOut the line about instructions; none if the model obeys them
     */
    static ServerEvent.Caution caution(SessionFields session, String servedModel, Optional<String> leftOut) {
        if (session == null) return null;
        List<String> lines = new ArrayList<>();
        String model = session.model();
        if (model != null && !model.equals(servedModel)) {
            lines.add("session.model: " + servedModel + " answers, not " + Json.shown(model));
        }
        if (session.instructions() != null && !session.instructions().isBlank()) {
            leftOut.ifPresent(line -> lines.add("session." + line));
        }
        return lines.isEmpty() ? null : new ServerEvent.Caution(String.join("; ", lines));
    }

    /** The settings as a client sees them. What is not supported is shown as null. */
    SessionFields view(String id, String model, long expiresAt) {
        JsonNode none = NullNode.getInstance();
        JsonNode transcription = transcribes ? Json.tree(SessionFields.Transcription.by(model)) : none;
        JsonNode detection = turnDetection.isEmpty() ? none : Json.tree(turnDetection.get());
        return new SessionFields(
                "realtime",
                TextNode.valueOf("realtime.session"),
                TextNode.valueOf(id),
                model,
                LongNode.valueOf(expiresAt),
                List.of(modality.wire()),
                instructions,
                new SessionFields.Audio(
                        new SessionFields.Input(SessionFields.Format.of(inputFormat), detection, transcription, none),
                        new SessionFields.Output(SessionFields.Format.of(outputFormat), voice, 1.0)),
                bound(maxOutputTokens),
                tools.tools(),
                tools.choice() == null ? TextNode.valueOf("auto") : tools.choice(),
                null,
                truncation,
                none,
                none,
                none,
                null,
                Json.tree(overrides.exits()));
    }

    /** A bound of tokens as a client sees it. */
    static JsonNode bound(OptionalInt tokens) {
        return tokens.isPresent() ? IntNode.valueOf(tokens.getAsInt()) : TextNode.valueOf("inf");
    }
}
