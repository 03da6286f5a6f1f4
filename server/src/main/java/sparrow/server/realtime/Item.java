package sparrow.server.realtime;

import java.util.List;

/**
 * A message of a conversation.
 *
 * @param id its name
 * @param role who it is from
 * @param status how far it came
 * @param content its parts, in order
 */
record Item(String id, Role role, Status status, List<Content> content) {
    Item {
        content = List.copyOf(content);
    }

    /** Who an item is from. */
    enum Role {
        /** Whoever made the client. */
        SYSTEM,
        /** The person. */
        USER,
        /** The model. */
        ASSISTANT
    }

    /** How far an item came. */
    enum Status {
        /** More of it will come. */
        IN_PROGRESS,
        /** All of it is there. */
        COMPLETED,
        /** It was cut off. */
        INCOMPLETE
    }

    /** The same with other parts. */
    Item with(Status newStatus, List<Content> newContent) {
        return new Item(id, role, newStatus, newContent);
    }
}
