package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import sparrow.models.chat.Window;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/** The truncation of a conversation that no longer fits into the context. */
public sealed interface TruncationSetting {
    /** Drops the oldest turns. */
    record Auto() implements TruncationSetting {}

    /** Rejects the response. */
    record Disabled() implements TruncationSetting {}

    /** Drops the oldest turns until the remaining turns fit into the given share (0 to 1) of the context. */
    record Retention(double ratio) implements TruncationSetting {}

    /** Returns the context window for a conversation with this setting, given the server's default window. */
    default Window of(Window usual) {
        return switch (this) {
            case Auto() -> usual;
            case Disabled() -> Window.OFF;
            case Retention(double ratio) -> usual.ofShare(ratio);
        };
    }

    /** Returns this setting in the protocol's form. */
    @JsonValue
    default Object wire() {
        return switch (this) {
            case Auto() -> "auto";
            case Disabled() -> "disabled";
            case Retention(double ratio) -> new Fields("retention_ratio", ratio, null);
        };
    }

    /**
     * Returns the truncation that a client requests.
     *
     * @throws RefusedException if the request is invalid
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

    /** The keys of a retention ratio. Token limits are ignored. */
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
