package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.util.List;
import java.util.function.UnaryOperator;
import sparrow.engine.interleave.Unit;

/** An item of a conversation. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public sealed interface Item {
    String id();

    Status status();

    @JsonProperty
    default String object() {
        return "realtime.item";
    }

    /** Returns the item's parts in order. The list is empty if the item is not a message. */
    default List<Content> parts() {
        return this instanceof Message message ? message.content() : List.of();
    }

    /** Returns the number of characters in the item's text. */
    default long characters() {
        return switch (this) {
            case FunctionCall call -> call.arguments().length();
            case FunctionOutput result -> result.output().length();
            case Message message ->
                message.content().stream()
                        .mapToLong(part -> switch (part) {
                            case Content.InputText typed -> typed.text().length();
                            case Content.OutputText output -> output.text().length();
                            case Content.OutputAudio output ->
                                output.transcript().length();
                            case Recording _ -> 0;
                        })
                        .sum();
        };
    }

    /** Memory of an item or a part in addition to its text, in bytes. */
    int OBJECT_BYTES = 128;

    /** Memory of a unit in a list, in bytes. */
    int UNIT_BYTES = 24;

    /** Returns an estimate of the item's memory in bytes, apart from unencoded audio. */
    default long bytes() {
        long encoded = parts().stream()
                .mapToLong(part -> switch (part) {
                    case Content.OutputText output -> (long) output.units().size() * UNIT_BYTES;
                    case Content.OutputAudio output -> (long) output.units().size() * UNIT_BYTES;
                    case Recording recording -> recording.bytes();
                    case Content.InputText _ -> 0;
                })
                .sum();
        if (this instanceof FunctionCall call) encoded = (long) call.units().size() * UNIT_BYTES;
        return (1L + parts().size()) * OBJECT_BYTES + characters() * Character.BYTES + encoded;
    }

    /** Returns a copy with changed units in the model's replies. */
    default Item mapUnits(UnaryOperator<List<Unit>> change) {
        return switch (this) {
            case FunctionOutput output -> output;
            case FunctionCall(
                    String id,
                    Status status,
                    String callId,
                    String name,
                    String arguments,
                    List<Unit> units) -> new FunctionCall(id, status, callId, name, arguments, change.apply(units));
            case Message message ->
                new Message(
                        message.id(),
                        message.role(),
                        message.status(),
                        message.content().stream()
                                .map(part -> switch (part) {
                                    case Content.OutputText(String text, List<Unit> units) ->
                                        new Content.OutputText(text, change.apply(units));
                                    case Content.OutputAudio(String transcript, List<Unit> units, long ms) ->
                                        new Content.OutputAudio(transcript, change.apply(units), ms);
                                    case Content.InputText _, Recording _ -> part;
                                })
                                .toList());
        };
    }

    default boolean isFrom(Role role) {
        return this instanceof Message message && message.role() == role;
    }

    enum Role {
        /** The client's developer. */
        @JsonProperty("system")
        @JsonAlias("developer")
        SYSTEM,
        @JsonProperty("user")
        USER,
        @JsonProperty("assistant")
        ASSISTANT
    }

    enum Status {
        IN_PROGRESS,
        COMPLETED,
        INCOMPLETE
    }

    /**
     * A tool call of the model.
     *
     * @param callId the id to which the call's output refers
     * @param arguments the text of a JSON object
     * @param units the call's units in the context
     */
    @JsonTypeName("function_call")
    record FunctionCall(
            String id,
            Status status,
            String callId,
            String name,
            String arguments,
            @JsonIgnore List<Unit> units) implements Item {
        /** Returns a copy without arguments, in the form in which the call is first announced. */
        public FunctionCall begun() {
            return new FunctionCall(id, Status.IN_PROGRESS, callId, name, "", List.of());
        }
    }

    /** The output of a tool call. */
    @JsonTypeName("function_call_output")
    record FunctionOutput(String id, Status status, String callId, String output) implements Item {}

    /** A message from the user, the model or the system. */
    @JsonTypeName("message")
    record Message(String id, Role role, Status status, List<Content> content) implements Item {
        public Message {
            content = List.copyOf(content);
        }
    }
}
