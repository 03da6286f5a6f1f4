package sparrow.server.realtime.session;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import sparrow.engine.decode.GenerationConfig;
import sparrow.models.family.Tool;
import sparrow.server.realtime.event.Item;
import sparrow.server.realtime.event.ReplySettings;
import sparrow.server.realtime.event.TruncationSetting;

/**
 * The settings of one response.
 *
 * @param clientEvent the event that asked for it
 * @param conversationId of the conversation that it belongs to; none for one aside
 * @param reply what the session has, and what this response has otherwise
 * @param input what it follows; none for the conversation as it is when the response begins
 * @param config exits, sampling, limits
 * @param since when the client began to wait, nanoseconds of the session's clock
 */
record ResponseSetup(
        String id,
        Optional<String> clientEvent,
        Optional<String> conversationId,
        ReplySettings reply,
        List<Tool> tools,
        Optional<List<Item>> input,
        Map<String, String> metadata,
        TruncationSetting truncation,
        GenerationConfig config,
        long since) {
    /** Its context, if it follows these items. */
    Context context(List<Item> items) {
        return Context.of(reply.instruction(), tools, items);
    }

    boolean isAside() {
        return conversationId.isEmpty();
    }

    boolean isSpoken() {
        return reply.modality() == ReplySettings.Modality.AUDIO;
    }
}
