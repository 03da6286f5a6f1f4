package sparrow.server.realtime;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import sparrow.server.audio.RealtimeFormat;
import sparrow.server.reply.Wishes;

/**
 * What a client wants of one response, otherwise than the session has it.
 *
 * @param instructions in place of the session's
 * @param modality in place of the session's
 * @param maxOutputTokens in place of the session's; an empty one in here is none at all
 * @param metadata comes back with the response
 * @param outputFormat in place of the session's
 * @param voice in place of the session's
 * @param aside whether it stays out of the conversation
 * @param input what it follows; none for the conversation
 * @param sparrow exits of the model over those of the session
 */
record ResponseWishes(
        Optional<String> instructions,
        Optional<OutputModality> modality,
        Optional<OptionalInt> maxOutputTokens,
        Map<String, String> metadata,
        Optional<RealtimeFormat> outputFormat,
        Optional<String> voice,
        boolean aside,
        Optional<List<Input>> input,
        Exits sparrow) {
    /** Whatever the session has. */
    static final ResponseWishes NONE = new ResponseWishes(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            wishes -> wishes);

    ResponseWishes {
        metadata = Map.copyOf(metadata);
        input = input.map(List::copyOf);
    }

    /** Something that a response follows. */
    sealed interface Input {}

    /** An item of the conversation. */
    record Reference(String id, String param) implements Input {}

    /** An item of its own. */
    record Own(ItemDraft item) implements Input {}

    /** Puts exits in place of others. */
    @FunctionalInterface
    interface Exits {
        Wishes over(Wishes wishes);
    }
}
