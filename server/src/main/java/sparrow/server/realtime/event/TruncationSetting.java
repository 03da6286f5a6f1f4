package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import sparrow.models.chat.Window;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/** The treatment of a conversation that no longer fits the context. */
public sealed interface TruncationSetting {
    /** The oldest turns are dropped. */
    record Auto() implements TruncationSetting {}

    /** The response is refused. */
    record Disabled() implements TruncationSetting {}

    /**
     * The oldest turns are dropped until no more than a part of the context is taken.
     *
     * @param ratio that part, 0 to 1
     */
    record Retention(double ratio) implements TruncationSetting {}

    /** The window of a conversation with this setting, where others have the given one. */
    default Window of(Window usual) {
        return switch (this) {
            case Auto() -> usual;
            case Disabled() -> Window.OFF;
            case Retention(double ratio) -> usual.ofShare(ratio);
        };
    }

    /** As the protocol has it. */
    @JsonValue
    default Object wire() {
        return switch (this) {
            case Auto() -> "auto";
            case Disabled() -> "disabled";
            case Retention(double ratio) -> new Fields("retention_ratio", ratio, null);
        };
    }

    /**
     * The truncation that a client asks for.
     *
     * @throws RefusedException if it is neither a name nor an object of a way to forget
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static TruncationSetting of(JsonNode choice) {
        if (choice.isObject()) {
            return new Retention(Json.STRICT.read(choice, Fields.class, "").retentionRatio());
        }
        return switch (choice.asText()) {
            case "auto" -> new Auto();
            case "disabled" -> new Disabled();
            default ->
                throw RefusedException.value(
                        null,
                        "expected auto, disabled or an object of type retention_ratio, got " + Json.shown(choice));
        };
    }

    /** @param tokenLimits ignored */
    record Fields(
            String type,
            Double retentionRatio,

            @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
            JsonNode tokenLimits) {
        public Fields {
            if (!Check.required("type", type).equals("retention_ratio")) {
                throw RefusedException.mismatch("type", "retention_ratio", Json.shown(type));
            }
            Check.number("retention_ratio", Check.required("retention_ratio", retentionRatio), 0, 1);
        }
    }
}
