package sparrow.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import sparrow.server.reply.RefusedException;

/** Reads the items that a client makes. */
final class ItemReader {
    private static final int LONGEST_ID = 64;
    private static final int MOST_PARTS = 64;
    private static final int MOST_CHARACTERS = 1 << 18;

    private ItemReader() {}

    static ItemDraft read(Fields item) {
        String type = item.requiredText("type");
        if (!type.equals("message")) {
            throw new RefusedException(
                    "unsupported_feature",
                    item.param("type"),
                    item.param("type") + ": expected message, this model uses no tools, got " + brief(type));
        }
        item.allowing(Set.of("type", "id", "object", "role", "status", "content"));
        String role = item.requiredText("role");
        return switch (role) {
            case "system" -> draft(item, Item.Role.SYSTEM, Set.of("input_text"));
            case "user" -> draft(item, Item.Role.USER, Set.of("input_text", "input_audio"));
            case "assistant" -> draft(item, Item.Role.ASSISTANT, Set.of("output_text"));
            default ->
                throw RefusedException.value(
                        item.param("role"),
                        item.param("role") + ": expected system, user or assistant, got " + brief(role));
        };
    }

    private static ItemDraft draft(Fields item, Item.Role role, Set<String> types) {
        item.required("content");
        List<JsonNode> content = item.list("content").orElseThrow();
        String param = item.param("content");
        if (content.isEmpty() || content.size() > MOST_PARTS) {
            throw RefusedException.value(
                    param, param + ": expected 1 to " + MOST_PARTS + " parts, got " + content.size());
        }
        List<ItemDraft.Part> parts = new ArrayList<>();
        for (int i = 0; i < content.size(); i++) {
            parts.add(part(Fields.of(content.get(i), param + "[" + i + "]"), types));
        }
        return new ItemDraft(item.name("id", LONGEST_ID), role, parts);
    }

    private static ItemDraft.Part part(Fields part, Set<String> types) {
        String type = part.requiredText("type");
        if (!types.contains(type)) {
            throw new RefusedException(
                    "unsupported_content_type",
                    part.param("type"),
                    part.param("type") + ": expected "
                            + String.join(" or ", types.stream().sorted().toList()) + ", got " + brief(type));
        }
        if (type.equals("input_audio")) {
            part.allowing(Set.of("type", "audio", "transcript"));
            String param = part.param("audio");
            return new ItemDraft.Audio(ClientEventReader.sound(part.requiredText("audio"), param), param);
        }
        part.allowing(Set.of("type", "text"));
        String text = part.requiredText("text");
        if (text.isBlank() || text.length() > MOST_CHARACTERS) {
            throw RefusedException.value(
                    part.param("text"),
                    part.param("text") + ": expected 1 to " + MOST_CHARACTERS + " characters that are not all blank");
        }
        return new ItemDraft.Text(text);
    }

    private static String brief(String text) {
        return text.substring(0, Math.min(60, text.length()));
    }
}
