package sparrow.server.realtime.event;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/**
 * An item in the form in which a client sends it: a message, a tool call, the output of a tool call, or a reference to
 * an existing item. Keys that only the server sets are accepted and ignored.
 *
 * @param id the item's id, or null if the server chooses one
 * @param callId the id of the tool call, or of the call that produced the output
 * @param arguments the text of a JSON object with the tool call's arguments
 */
@JsonIgnoreProperties({"object", "status"})
public record ItemDraft(
        String type,
        String id,
        Item.Role role,
        List<Part> content,
        String callId,
        String name,
        String arguments,
        String output) {
    public static final String CALL = "function_call";
    public static final String OUTPUT = "function_call_output";

    private static final String REFERENCE = "item_reference";
    private static final int MAX_ID_CHARACTERS = 64;
    private static final int MAX_PARTS = 64;
    private static final int MAX_CHARACTERS = 1 << 18;

    public ItemDraft {
        boolean message = Check.required("type", type).equals("message");
        boolean call = type.equals(CALL);
        boolean result = type.equals(OUTPUT);
        if (!message && !call && !result && !type.equals(REFERENCE)) throw unsupported("type", "message", type);
        if (type.equals(REFERENCE)) Check.required("id", id);
        Check.name("id", id, MAX_ID_CHARACTERS);
        belongs(message, "role", role);
        belongs(message, "content", content);
        belongs(call || result, "call_id", callId);
        Check.name("call_id", callId, MAX_ID_CHARACTERS);
        belongs(call, "name", name);
        Check.name("name", name, MAX_ID_CHARACTERS);
        belongs(call, "arguments", arguments);
        Check.length("arguments", arguments, MAX_CHARACTERS);
        belongs(result, "output", output);
        Check.length("output", output, MAX_CHARACTERS);
        if (message && (content.isEmpty() || content.size() > MAX_PARTS)) {
            throw RefusedException.value(
                    "content", "content: expected 1 to " + MAX_PARTS + " parts, got " + content.size());
        }
        for (int i = 0; message && i < content.size(); i++) require(role, content.get(i), "content[" + i + "]");
    }

    /** Checks that a key is present only in items of the type that may have it. */
    private static void belongs(boolean here, String key, Object value) {
        if (here) Check.required(key, value);
        else Check.absent(key, value);
    }

    private static RefusedException unsupported(String param, String expected, String type) {
        return new RefusedException(
                "unsupported_feature", param, param + ": expected " + expected + ", got " + Json.brief(type));
    }

    private static void require(Item.Role role, Part part, String param) {
        List<String> types = switch (role) {
            case SYSTEM -> List.of("input_text");
            case USER -> List.of("input_audio", "input_text");
            case ASSISTANT -> List.of("output_text");
        };
        if (types.contains(part.type())) return;
        throw new RefusedException(
                "unsupported_content_type",
                param + ".type",
                param + ".type: expected " + String.join(" or ", types) + ", got " + Json.brief(part.type()));
    }

    /** Returns the number of characters in the item's text. */
    public long characters() {
        Stream<String> parts = content == null ? Stream.of() : content.stream().map(Part::text);
        return Stream.concat(Stream.of(arguments, output), parts)
                .filter(Objects::nonNull)
                .mapToLong(String::length)
                .sum();
    }

    /** Returns an estimate of the item's memory in bytes, apart from audio. */
    public long bytes() {
        int parts = content == null ? 0 : content.size();
        // The text of the assistant becomes units, at most about one for each character.
        boolean hasUnits = role == Item.Role.ASSISTANT || type.equals(CALL);
        return (1L + parts) * Item.OBJECT_BYTES + characters() * (Character.BYTES + (hasUnits ? Item.UNIT_BYTES : 0));
    }

    /** Returns whether the draft refers to an existing item. */
    public boolean isReference() {
        return type.equals(REFERENCE);
    }

    /**
     * Checks that the draft does not refer to an existing item.
     *
     * @throws RefusedException if the draft is a reference
     */
    void requireContent(String param) {
        if (isReference()) throw unsupported(param + ".type", "message", type);
    }

    /**
     * Checks that the draft is neither a tool call nor a tool output.
     *
     * @throws RefusedException if the draft is a tool call or a tool output
     */
    public void requireNoTools(String param) {
        if (type.equals(CALL) || type.equals(OUTPUT)) {
            throw unsupported(param + ".type", "message, this model calls no tools", type);
        }
    }

    /**
     * A part of a message: text that is not blank, or audio in the session's input format. The keys of an image are
     * ignored, so that the error for an image contains its type.
     *
     * @param audio the audio in base64
     * @param transcript the transcript, which is ignored
     */
    @JsonIgnoreProperties({"image_url", "file_id", "detail"})
    public record Part(String type, String text, String audio, JsonNode transcript) {
        public Part {
            Check.required("type", type);
            if (type.equals("input_audio")) {
                Check.required("audio", audio);
                Check.absent("text", text);
            } else if (type.endsWith("_text")) {
                Check.required("text", text);
                Check.absent("audio", audio);
                Check.absent("transcript", transcript);
                if (text.isBlank() || text.length() > MAX_CHARACTERS) {
                    throw RefusedException.value(
                            "text", "text: expected 1 to " + MAX_CHARACTERS + " characters that are not all blank");
                }
            }
        }
    }
}
