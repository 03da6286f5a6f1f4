package sparrow.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import sparrow.server.reply.Check;
import sparrow.server.reply.Json;
import sparrow.server.reply.RefusedException;
import sparrow.server.reply.RequestOverrides;

/**
 * The keys of one response that a client may send; null is as the session has it. Keys without a line are taken and ignored.
 *
 * @param maxOutputTokens a number, or {@code "inf"} for none
 * @param metadata comes back with the response
 * @param conversation {@code none} for a response that stays out of it
 * @param input what it follows; null for the conversation
 * @param tools that the model may call
 * @param toolChoice whether it may
 * @param sparrow exits of the model over those of the session
 */
record ResponseFields(
        String instructions,
        List<String> outputModalities,
        JsonNode maxOutputTokens,
        Map<String, String> metadata,
        Audio audio,
        String conversation,
        List<ItemDraft> input,
        List<JsonNode> tools,
        JsonNode toolChoice,
        JsonNode parallelToolCalls,
        JsonNode prompt,
        JsonNode reasoning,
        JsonNode sparrow) {
    private static final int MOST_ITEMS = 1000;

    /** The session's own values. */
    static final ResponseFields NONE =
            new ResponseFields(null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** @param output format and voice of its sound */
    record Audio(SessionFields.Output output) {}

    public ResponseFields {
        SessionFields.check(instructions, outputModalities, maxOutputTokens);
        Check.metadata(metadata);
        metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
        if (conversation != null && !conversation.equals("none") && !conversation.equals("auto")) {
            throw RefusedException.mismatch("conversation", "auto or none", Json.shown(conversation));
        }
        if (input != null && input.size() > MOST_ITEMS) {
            throw RefusedException.mismatch("input", "at most " + MOST_ITEMS + " items", input.size());
        }
        // Refused here, before anything is begun.
        RequestOverrides.NONE.withExits(sparrow, "sparrow");
    }

    /** True if it stays out of the conversation. */
    boolean isAside() {
        return "none".equals(conversation);
    }

    /** Format and voice of its sound. */
    SessionFields.Output output() {
        return audio == null || audio.output() == null ? SessionFields.Output.NONE : audio.output();
    }
}
