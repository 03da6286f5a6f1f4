package sparrow.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import sparrow.server.reply.Check;
import sparrow.server.reply.Json;
import sparrow.server.reply.RefusedException;

/**
 * An item as a client sends it: a message, or the name of one that is there. Keys that only the server fills are taken and ignored.
 *
 * @param id its name; null for one of the server's choice
 * @param role who it is from
 * @param content its parts, at least one
 */
record ItemDraft(String type, String id, JsonNode object, Item.Role role, JsonNode status, List<Part> content) {
    private static final String REFERENCE = "item_reference";
    private static final int LONGEST_ID = 64;
    private static final int MOST_PARTS = 64;
    private static final int MOST_CHARACTERS = 1 << 18;

    public ItemDraft {
        Check.required("type", type);
        if (type.equals(REFERENCE)) {
            Check.required("id", id);
            Check.absent("role", role);
            Check.absent("content", content);
        } else if (type.equals("message")) {
            Check.required("role", role);
            Check.required("content", content);
            Check.name("id", id, LONGEST_ID);
            if (content.isEmpty() || content.size() > MOST_PARTS) {
                throw RefusedException.value(
                        "content", "content: expected 1 to " + MOST_PARTS + " parts, got " + content.size());
            }
            for (int i = 0; i < content.size(); i++) require(role, content.get(i), "content[" + i + "]");
        } else {
            throw noMessage("type", type);
        }
    }

    private static RefusedException noMessage(String param, String type) {
        return new RefusedException(
                "unsupported_feature",
                param,
                param + ": expected message, this model uses no tools, got " + Json.brief(type));
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

    /** True for an item that is there. */
    boolean isReference() {
        return type.equals(REFERENCE);
    }

    /** @throws RefusedException if it is the name of another one */
    void requireMessage(String param) {
        if (isReference()) throw noMessage(param + ".type", type);
    }

    /**
     * A part: text, not blank, or sound in the session's input format.
     *
     * @param audio base64 of it
     * @param transcript ignored
     */
    record Part(String type, String text, String audio, JsonNode transcript) {
        public Part {
            Check.required("type", type);
            if (type.equals("input_audio")) {
                Check.required("audio", audio);
                Check.absent("text", text);
            } else if (type.endsWith("_text")) {
                Check.required("text", text);
                Check.absent("audio", audio);
                Check.absent("transcript", transcript);
                if (text.isBlank() || text.length() > MOST_CHARACTERS) {
                    throw RefusedException.value(
                            "text", "text: expected 1 to " + MOST_CHARACTERS + " characters that are not all blank");
                }
            }
        }
    }
}
