package sparrow.server.realtime.event;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.reply.RequestOverrides;
import sparrow.server.reply.ServedModel;
import sparrow.server.reply.ToolUse;

/**
 * The settings of replies: a session has them for all, and a response for itself.
 *
 * @param instructions how the model is to answer; empty for none
 * @param voice as the client calls it
 * @param overrides exits, and the most tokens of a reply; none for as many as the server allows
 */
public record ReplySettings(
        Modality modality,
        String instructions,
        RealtimeFormat format,
        String voice,
        ToolUse tools,
        RequestOverrides overrides) {
    /** The settings at the beginning of a session. */
    static final ReplySettings DEFAULT = new ReplySettings(
            Modality.AUDIO, "", RealtimeFormat.PCM, ServedModel.OWN_VOICE, ToolUse.NONE, RequestOverrides.NONE);

    private static final int LONGEST_INSTRUCTIONS = 1 << 16;
    private static final int MOST_TOKENS = 4096;

    /** The form in which a client gets a reply. */
    public enum Modality {
        /** Speech, and its text. */
        AUDIO,
        /** The text alone. */
        TEXT
    }

    /** The keys of sessions and responses that change them; null is as before. */
    interface Change {
        /** Either {@code audio} or {@code text}. */
        public List<String> outputModalities();

        String instructions();

        SessionFields.Output output();

        /** A number, or {@code "inf"} for none. */
        public JsonNode maxOutputTokens();

        List<JsonNode> tools();

        JsonNode toolChoice();

        /** Exits of the model. */
        JsonNode sparrow();
    }

    /** @throws RefusedException if one of these keys cannot be */
    static void check(String instructions, List<String> outputModalities, JsonNode maxOutputTokens) {
        Check.length("instructions", instructions, LONGEST_INSTRUCTIONS);
        modality(outputModalities, null);
        mostTokens(maxOutputTokens, null);
    }

    /**
     * The settings with a client's change.
     *
     * @param place of the change in the client's event
     */
    public ReplySettings with(Change change, String place) {
        SessionFields.Output output = change.output();
        return new ReplySettings(
                modality(change.outputModalities(), modality),
                change.instructions() == null ? instructions : change.instructions(),
                SessionFields.Format.chosen(output.format(), format),
                output.voice() == null ? voice : output.voice(),
                tools.merge(change.tools(), change.toolChoice()),
                overrides
                        .withExits(change.sparrow(), place + ".sparrow")
                        .withNewTokens(mostTokens(change.maxOutputTokens(), overrides.newTokens())));
    }

    private static Modality modality(List<String> choice, Modality before) {
        if (choice == null) return before;
        for (Modality modality : Modality.values()) if (choice.equals(wire(modality))) return modality;
        throw RefusedException.value("output_modalities", "output_modalities: expected [\"audio\"] or [\"text\"]");
    }

    private static List<String> wire(Modality modality) {
        return List.of(modality.name().toLowerCase(Locale.ROOT));
    }

    private static Integer mostTokens(JsonNode choice, Integer before) {
        if (choice == null || choice.isNull()) return before;
        if (choice.isTextual() && choice.textValue().equals("inf")) return null;
        if (!choice.isNumber()) {
            throw RefusedException.mismatch(
                    "max_output_tokens", "1 to " + MOST_TOKENS + " or \"inf\"", Json.shown(choice));
        }
        Check.whole("max_output_tokens", choice.numberValue(), 1, MOST_TOKENS);
        return choice.intValue();
    }

    public Optional<String> instruction() {
        return instructions.isBlank() ? Optional.empty() : Optional.of(instructions);
    }

    /** The modality as clients see it. */
    public List<String> outputModalities() {
        return wire(modality);
    }

    /** The bound of tokens as clients see it. */
    public Object maxOutputTokens() {
        return overrides.newTokens() == null ? "inf" : overrides.newTokens();
    }
}
