package sparrow.server.realtime;

import java.util.List;
import java.util.Optional;

/**
 * An item as a client wants it.
 *
 * @param id its name; none for one of the server's choice
 * @param role who it is from
 * @param parts in order, at least one
 */
record ItemDraft(Optional<String> id, Item.Role role, List<Part> parts) {
    ItemDraft {
        parts = List.copyOf(parts);
    }

    /** A part of it. */
    sealed interface Part {}

    /** Text, not blank. */
    record Text(String text) implements Part {}

    /**
     * Sound.
     *
     * @param bytes in the session's input format; not to be changed
     * @param param where it stands in the event
     */
    record Audio(byte[] bytes, String param) implements Part {}
}
