package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.reply.RequestOverrides;

/**
 * The keys that a client may send for one response. Null selects the session's value.
 *
 * @param conversation {@code none} for a response outside the conversation
 * @param input the items to respond to, or null for the conversation
 */
@JsonIgnoreProperties({"parallel_tool_calls", "prompt", "reasoning"})
public record ResponseFields(
        String instructions,
        List<String> outputModalities,
        JsonNode maxOutputTokens,
        Map<String, String> metadata,
        Audio audio,
        String conversation,
        List<ItemDraft> input,
        List<JsonNode> tools,
        JsonNode toolChoice,
        JsonNode sparrow)
        implements ReplySettings.Change {
    private static final int MAX_ITEMS = 1000;

    /** Fields that select the session's value for every key. */
    public static final ResponseFields NONE =
            new ResponseFields(null, null, null, null, null, null, null, null, null, null);

    record Audio(SessionFields.Output output) {}

    public ResponseFields {
        ReplySettings.check(instructions, outputModalities, maxOutputTokens);
        Check.metadata(metadata);
        metadata = metadata == null ? Map.of() : Map.copyOf(metadata);
        if (conversation != null && !conversation.equals("none") && !conversation.equals("auto")) {
            throw RefusedException.mismatch("conversation", "auto or none", Json.shown(conversation));
        }
        if (input != null && input.size() > MAX_ITEMS) {
            throw RefusedException.mismatch("input", "at most " + MAX_ITEMS + " items", input.size());
        }
        // Validate the exits here, before any setting is changed.
        RequestOverrides.NONE.withExits(sparrow, "sparrow");
    }

    /** Returns an estimate of the memory in bytes, apart from audio. */
    @Override
    public long bytes() {
        long items =
                input == null ? 0 : input.stream().mapToLong(ItemDraft::bytes).sum();
        return settingsBytes() + items;
    }

    /** Returns an estimate of the memory of the settings in bytes. */
    public long settingsBytes() {
        long pairs = metadata.entrySet().stream()
                .mapToLong(pair -> (long) Item.OBJECT_BYTES
                        + Character.BYTES
                                * (pair.getKey().length() + pair.getValue().length()))
                .sum();
        return ReplySettings.Change.super.bytes() + pairs;
    }

    public boolean isAside() {
        return "none".equals(conversation);
    }

    @Override
    public SessionFields.Output output() {
        return audio == null || audio.output() == null ? SessionFields.Output.NONE : audio.output();
    }
}
