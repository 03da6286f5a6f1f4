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
 * @param clientEvent the id of the event that requested the response
 * @param conversationId the conversation's id, or empty for a response outside the conversation
 * @param reply the session's settings with the response's overrides
 * @param input the items to respond to, or empty for the conversation at the time when the response begins
 * @param config the exits, sampling and limits
 * @param settingsBytes the memory of the settings
 * @param since the time at which the client began to wait, in nanoseconds of the session's clock
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
        long settingsBytes,
        long since) {
    /** Returns the context for a response to the given items. */
    Context context(List<Item> items) {
        return Context.of(reply.instruction(), tools, items);
    }

    /** Returns the memory of the settings and of the items to respond to, in bytes. */
    long bytes() {
        return settingsBytes
                + input.stream().flatMap(List::stream).mapToLong(Item::bytes).sum();
    }

    boolean isAside() {
        return conversationId.isEmpty();
    }

    boolean isSpoken() {
        return reply.modality() == ReplySettings.Modality.AUDIO;
    }
}
