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
 * Reply settings of a session or of one response.
 *
 * @param instructions instructions for the model, or an empty string if there are none
 * @param voice the client's name for the voice
 * @param overrides the exits and the maximum number of tokens in a reply; null values are replaced with the server's
 *     settings
 */
public record ReplySettings(
        Modality modality,
        String instructions,
        RealtimeFormat format,
        String voice,
        ToolUse tools,
        RequestOverrides overrides) {
    /** The settings of a new session. */
    static final ReplySettings DEFAULT = new ReplySettings(
            Modality.AUDIO, "", RealtimeFormat.PCM, ServedModel.OWN_VOICE, ToolUse.NONE, RequestOverrides.NONE);

    private static final int MAX_INSTRUCTION_CHARACTERS = 1 << 16;
    private static final int MAX_TOKENS = 4096;

    /** The form in which a client receives a reply. */
    public enum Modality {
        /** Speech with its text. */
        AUDIO,
        /** Text only. */
        TEXT
    }

    /** The keys of sessions and responses that change the settings. Null leaves a setting unchanged. */
    interface Change {
        /** Returns a list that contains either {@code audio} or {@code text}. */
        public List<String> outputModalities();

        String instructions();

        SessionFields.Output output();

        /** Returns a number, or {@code "inf"} for no limit. */
        public JsonNode maxOutputTokens();

        List<JsonNode> tools();

        JsonNode toolChoice();

        /** Returns the early-exit settings. */
        JsonNode sparrow();

        /** Returns an estimate of the memory in bytes, apart from audio. */
        default long bytes() {
            return ReplySettings.bytes(instructions(), tools());
        }
    }

    /**
     * Checks the given keys.
     *
     * @throws RefusedException if a value is invalid
     */
    public static void check(String instructions, List<String> outputModalities, JsonNode maxOutputTokens) {
        Check.length("instructions", instructions, MAX_INSTRUCTION_CHARACTERS);
        modality(outputModalities, null);
        maxTokens(maxOutputTokens, null);
    }

    /**
     * Returns a copy with a client's change.
     *
     * @param place the place of the change in the client's event
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
                        .withNewTokens(maxTokens(change.maxOutputTokens(), overrides.newTokens())));
    }

    /** Returns an estimate of the memory in bytes. */
    public long bytes() {
        return bytes(instructions, tools.tools());
    }

    private static long bytes(String instructions, List<JsonNode> tools) {
        long characters = instructions == null ? 0 : instructions.length();
        return characters * Character.BYTES + (tools == null ? 0 : ToolUse.bytes(tools));
    }

    private static Modality modality(List<String> choice, Modality before) {
        if (choice == null) return before;
        for (Modality modality : Modality.values()) if (choice.equals(wire(modality))) return modality;
        throw RefusedException.value("output_modalities", "output_modalities: expected [\"audio\"] or [\"text\"]");
    }

    private static List<String> wire(Modality modality) {
        return List.of(modality.name().toLowerCase(Locale.ROOT));
    }

    private static Integer maxTokens(JsonNode choice, Integer before) {
        if (choice == null || choice.isNull()) return before;
        if (choice.isTextual() && choice.textValue().equals("inf")) return null;
        if (!choice.isNumber()) {
            throw RefusedException.mismatch(
                    "max_output_tokens", "1 to " + MAX_TOKENS + " or \"inf\"", Json.shown(choice));
        }
        Check.whole("max_output_tokens", choice.numberValue(), 1, MAX_TOKENS);
        return choice.intValue();
    }

    public Optional<String> instruction() {
        return instructions.isBlank() ? Optional.empty() : Optional.of(instructions);
    }

    /** Returns the modality in the protocol's form. */
    public List<String> outputModalities() {
        return wire(modality);
    }

    /** Returns the maximum number of tokens in the protocol's form. */
    public Object maxOutputTokens() {
        return overrides.newTokens() == null ? "inf" : overrides.newTokens();
    }
}
