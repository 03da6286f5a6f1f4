package sparrow.server.realtime;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.function.UnaryOperator;
import sparrow.engine.interleave.Unit;

/** An item of a conversation. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
sealed interface Item {
    /** Its name. */
    String id();

    /** Its progress. */
    Status status();

    @JsonProperty
    default String object() {
        return "realtime.item";
    }

    /** Its parts, in order; none of what is no message. */
    default List<Content> parts() {
        return List.of();
    }

    /** True if it is a message of this role. */
    default boolean isFrom(Role role) {
        return false;
    }

    /**
     * The same without the sound of what the model said, whose text stays.
     *
     * @param words leaves the text of units; if that is all of them, the item stays as it is
     */
    default Item words(UnaryOperator<List<Unit>> words) {
        return this;
    }

    /** The length of the sound that the model remembers of it. */
    default double seconds(UnaryOperator<List<Unit>> words) {
        return 0;
    }

    /** The author of an item. */
    enum Role {
        /** The maker of the client. */
        @JsonProperty("system")
        SYSTEM,
        /** The person. */
        @JsonProperty("user")
        USER,
        /** The model. */
        @JsonProperty("assistant")
        ASSISTANT
    }

    /** The progress of an item. */
    enum Status {
        /** More of it will come. */
        IN_PROGRESS,
        /** All of it is there. */
        COMPLETED,
        /** It was cut off. */
        INCOMPLETE
    }

    /**
     * The model called a tool.
     *
     * @param callId its output names
     * @param arguments a JSON object as text
     * @param units as they stand in the context
     */
    @JsonTypeName("function_call")
    record FunctionCall(
            String id,
            Status status,
            String callId,
            String name,
            String arguments,
            @JsonIgnore List<Unit> units) implements Item {
        /** The same before its arguments. */
        FunctionCall begun() {
            return new FunctionCall(id, Status.IN_PROGRESS, callId, name, "", List.of());
        }
    }

    /**
     * The result of a call.
     *
     * @param callId the call
     */
    @JsonTypeName("function_call_output")
    record FunctionOutput(String id, Status status, String callId, String output) implements Item {}

    /**
     * Something that was said.
     *
     * @param role who it is from
     * @param content its parts, in order
     */
    @JsonTypeName("message")
    record Message(String id, Role role, Status status, List<Content> content) implements Item {
        public Message {
            content = List.copyOf(content);
        }

        @Override
        public List<Content> parts() {
            return content;
        }

        @Override
        public boolean isFrom(Role author) {
            return role == author;
        }

        /** The same with other parts. */
        Message with(Status newStatus, List<Content> newContent) {
            return new Message(id, role, newStatus, newContent);
        }

        @Override
        public Item words(UnaryOperator<List<Unit>> words) {
            if (content.stream().noneMatch(part -> sounds(part, words))) return this;
            return with(
                    status,
                    content.stream()
                            .map(part -> part instanceof Content.OutputAudio(String said, List<Unit> units, long ms)
                                    ? new Content.OutputAudio(said, words.apply(units), ms)
                                    : part)
                            .toList());
        }

        @Override
        public double seconds(UnaryOperator<List<Unit>> words) {
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
}
