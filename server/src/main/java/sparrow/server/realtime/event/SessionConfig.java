package sparrow.server.realtime.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.reply.ModelName;
import sparrow.server.reply.ToolUse;

/**
 * The session settings that a client may change.
 *
 * @param transcribes whether the user's speech is transcribed
 * @param responds whether the session has responses, which a transcription session has not
 * @param turnDetection the turn detection, or empty for manual turns
 */
public record SessionConfig(
        ReplySettings reply,
        RealtimeFormat inputFormat,
        boolean transcribes,
        Optional<TurnDetection> turnDetection,
        TruncationSetting truncation,
        boolean responds) {
    /** The settings of a new session. */
    public static final SessionConfig DEFAULT = new SessionConfig(
            ReplySettings.DEFAULT,
            RealtimeFormat.PCM,
            false,
            Optional.of(TurnDetection.DEFAULT),
            new TruncationSetting.Auto(),
            true);

    /**
     * Returns the settings for a telephone call: telephone audio in both directions, turn detection by the server, and
     * no tools.
     */
    public SessionConfig ofTelephone() {
        return new SessionConfig(
                new ReplySettings(
                        ReplySettings.Modality.AUDIO,
                        reply.instructions(),
                        RealtimeFormat.PCMU,
                        reply.voice(),
                        ToolUse.NONE,
                        reply.overrides()),
                RealtimeFormat.PCMU,
                false,
                turnDetection.or(() -> Optional.of(TurnDetection.DEFAULT)),
                truncation,
                true);
    }

    /** Returns the settings of a session that transcribes the user's speech and has no responses. */
    public SessionConfig ofTranscription() {
        return new SessionConfig(reply, inputFormat, true, turnDetection, truncation, false);
    }

    /** Returns a copy without tools, for a model that calls none. */
    public SessionConfig withoutTools() {
        ReplySettings without = new ReplySettings(
                reply.modality(), reply.instructions(), reply.format(), reply.voice(), ToolUse.NONE, reply.overrides());
        return new SessionConfig(without, inputFormat, transcribes, turnDetection, truncation, responds);
    }

    /** Returns the settings for a call over WebRTC, whose audio has a fixed format. */
    public SessionConfig ofCall() {
        ReplySettings spoken = new ReplySettings(
                reply.modality(),
                reply.instructions(),
                RealtimeFormat.PCM,
                reply.voice(),
                reply.tools(),
                reply.overrides());
        return new SessionConfig(spoken, RealtimeFormat.PCM, transcribes, turnDetection, truncation, responds);
    }

    /**
     * Returns a copy with the changes in a client's {@code session}.
     *
     * @param servedModel the name of the only model
     * @throws RefusedException if a change is invalid
     */
    public SessionConfig merge(SessionFields session, String servedModel) {
        otherModel(session, servedModel);
        SessionFields.Input input = session.input();
        boolean answers = session.type() == null ? responds : session.type().equals("realtime");
        return new SessionConfig(
                reply.with(session, "session"),
                SessionFields.Format.chosen(input.format(), inputFormat),
                input.transcription() == null
                        ? transcribes || responds && !answers
                        : !input.transcription().isNull(),
                TurnDetection.merge(turnDetection, input.turnDetection()),
                session.truncation() == null ? truncation : session.truncation(),
                answers);
    }

    /**
     * Returns a caution about accepted settings in a client's {@code session} that have no effect, or null if there are
     * no such settings.
     *
     * @param leftOut the caution about instructions, or empty if the model follows them
     */
    public static ServerEvent.Caution caution(SessionFields session, String servedModel, Optional<String> leftOut) {
        if (session == null) return null;
        boolean instructs =
                session.instructions() != null && !session.instructions().isBlank();
        return ServerEvent.Caution.of(ModelName.cautions(
                otherModel(session, servedModel), leftOut.filter(_ -> instructs).map(line -> "session." + line)));
    }

    private static Optional<String> otherModel(SessionFields session, String servedModel) {
        return Optional.ofNullable(session.model())
                .flatMap(name -> ModelName.accept(name, servedModel, "session.model"));
    }

    /**
     * Returns the settings in the protocol's form. Unsupported keys are null. The keys of responses are missing in a
     * transcription session.
     */
    public SessionFields view(String id, String model, long expiresAt) {
        JsonNode none = NullNode.getInstance();
        JsonNode transcription = transcribes ? Json.tree(new SessionFields.Transcription(model, null)) : none;
        JsonNode detection = turnDetection.isEmpty() ? none : Json.tree(turnDetection.get());
        SessionFields.Input input =
                new SessionFields.Input(SessionFields.Format.of(inputFormat), detection, transcription, none);
        if (!responds) {
            return new SessionFields(
                    "transcription",
                    TextNode.valueOf("realtime.transcription_session"),
                    TextNode.valueOf(id),
                    null,
                    LongNode.valueOf(expiresAt),
                    null,
                    null,
                    new SessionFields.Audio(input, null),
                    null,
                    null,
                    null,
                    null,
                    none,
                    null,
                    null,
                    null);
        }
        return new SessionFields(
                "realtime",
                TextNode.valueOf("realtime.session"),
                TextNode.valueOf(id),
                model,
                LongNode.valueOf(expiresAt),
                reply.outputModalities(),
                reply.instructions(),
                new SessionFields.Audio(
                        input, new SessionFields.Output(SessionFields.Format.of(reply.format()), reply.voice(), 1.0)),
                Json.tree(reply.maxOutputTokens()),
                reply.tools().tools(),
                reply.tools().choice() == null
                        ? TextNode.valueOf("auto")
                        : reply.tools().choice(),
                truncation,
                none,
                none,
                none,
                Json.tree(reply.overrides().exits()));
    }
}
