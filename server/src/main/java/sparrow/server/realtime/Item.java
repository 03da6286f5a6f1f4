package sparrow.server.realtime;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.UnaryOperator;
import sparrow.engine.interleave.Unit;

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
        @JsonProperty("system")
        SYSTEM,
        /** The person. */
        @JsonProperty("user")
        USER,
        /** The model. */
        @JsonProperty("assistant")
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

    @JsonProperty
    String object() {
        return "realtime.item";
    }

    @JsonProperty
    String type() {
        return "message";
    }

    /** The same with other parts. */
    Item with(Status newStatus, List<Content> newContent) {
        return new Item(id, role, newStatus, newContent);
    }

    /**
     * The same without the sound of what the model said, whose text stays.
     *
     * @param words leaves the text of units; if that is all of them, the item stays as it is
     */
    Item words(UnaryOperator<List<Unit>> words) {
        if (content.stream().noneMatch(part -> sounds(part, words))) return this;
        return with(
                status,
                content.stream()
                        .map(part -> part instanceof Content.OutputAudio(String transcript, List<Unit> units, long ms)
                                ? new Content.OutputAudio(transcript, words.apply(units), ms)
                                : part)
                        .toList());
    }

    /** How long the sound is that the model remembers of it. */
    double seconds(UnaryOperator<List<Unit>> words) {
        double seconds = 0;
        for (Content part : content) {
            if (part instanceof Content.InputAudio(Recording recording)) seconds += recording.seconds();
            if (part instanceof Content.OutputAudio said && sounds(said, words)) seconds += said.ms() / 1000.0;
        }
        return seconds;
    }

    private static boolean sounds(Content part, UnaryOperator<List<Unit>> words) {
        return part instanceof Content.OutputAudio said
                && words.apply(said.units()).size() < said.units().size();
    }
}
