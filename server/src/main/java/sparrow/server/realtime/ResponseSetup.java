package sparrow.server.realtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import sparrow.engine.decode.GenerationConfig;
import sparrow.models.family.Tool;
import sparrow.server.audio.RealtimeFormat;

/**
 * The settings of one response.
 *
 * @param id its name
 * @param clientEvent the event that asked for it
 * @param conversationId of the conversation that it belongs to; none for one aside
 * @param instructions how the model is to answer
 * @param tools that the model may call
 * @param input what it follows; none for the conversation as it is when the response begins
 * @param modality its form
 * @param maxOutputTokens its bound; none for the server's
 * @param format of its sound
 * @param voice as the client calls it
 * @param metadata the client's
 * @param truncation for a full context
 * @param config exits, sampling, limits
 * @param since when the client began to wait, nanoseconds of the session's clock
 */
record ResponseSetup(
        String id,
        Optional<String> clientEvent,
        Optional<String> conversationId,
        Optional<String> instructions,
        List<Tool> tools,
        Optional<List<Item>> input,
        OutputModality modality,
        OptionalInt maxOutputTokens,
        RealtimeFormat format,
        String voice,
        Map<String, String> metadata,
        Truncation truncation,
        GenerationConfig config,
        long since) {
    /** Its context, if it follows these items. */
    Context context(List<Item> items) {
        return Context.of(instructions, tools, items);
    }

    boolean isAside() {
        return conversationId.isEmpty();
    }
}
