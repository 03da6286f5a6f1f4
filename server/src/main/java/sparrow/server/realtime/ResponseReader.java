package sparrow.server.realtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import sparrow.server.reply.RefusedException;
import sparrow.server.reply.Wishes;

/** Reads what a client wants of one response. */
final class ResponseReader {
    private static final Set<String> KEYS = Set.of(
            "instructions",
            "output_modalities",
            "max_output_tokens",
            "metadata",
            "audio",
            "conversation",
            "input",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "prompt",
            "reasoning",
            "sparrow");
    private static final int MOST_ITEMS = 1000;
    private static final int MOST_METADATA = 16;
    private static final int LONGEST_KEY = 64;
    private static final int LONGEST_VALUE = 512;

    private ResponseReader() {}

    static ResponseWishes read(Fields response) {
        response.allowing(KEYS);
        SessionReader.refuseTools(response);
        Optional<Fields> output = response.object("audio")
                .flatMap(audio -> audio.allowing(Set.of("output")).object("output"));
        output.ifPresent(fields -> fields.allowing(Set.of("format", "voice")));
        JsonNode exits = response.node().path("sparrow");
        // Refused here, before anything is begun.
        Wishes.NONE.withExits(exits, response.param("sparrow"));
        return new ResponseWishes(
                SessionReader.instructions(response),
                SessionReader.modality(response),
                maxOutputTokens(response),
                metadata(response),
                output.flatMap(SessionReader::format),
                output.flatMap(fields -> fields.text("voice")),
                aside(response),
                response.list("input").map(items -> input(items, response.param("input"))),
                wishes -> wishes.withExits(exits, response.param("sparrow")));
    }

    private static Optional<OptionalInt> maxOutputTokens(Fields response) {
        return response.value("max_output_tokens").map(value -> SessionReader.maxOutputTokens(response));
    }

    private static boolean aside(Fields response) {
        String conversation = response.text("conversation").orElse("auto");
        return switch (conversation) {
            case "auto" -> false;
            case "none" -> true;
            default ->
                throw RefusedException.value(
                        response.param("conversation"),
                        response.param("conversation") + ": expected auto or none, got "
                                + conversation.substring(0, Math.min(60, conversation.length())));
        };
    }

    private static Map<String, String> metadata(Fields response) {
        Optional<Fields> object = response.object("metadata");
        if (object.isEmpty()) return Map.of();
        Fields metadata = object.get();
        if (metadata.node().size() > MOST_METADATA) {
            throw RefusedException.value(
                    metadata.path(),
                    metadata.path() + ": expected at most " + MOST_METADATA + " pairs, got "
                            + metadata.node().size());
        }
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String key : (Iterable<String>) metadata.node()::fieldNames) {
            String value = metadata.requiredText(key);
            if (key.length() > LONGEST_KEY || value.length() > LONGEST_VALUE) {
                throw RefusedException.value(
                        metadata.path(),
                        metadata.path() + ": expected keys of at most " + LONGEST_KEY + " characters and values of "
                                + LONGEST_VALUE);
            }
            pairs.put(key, value);
        }
        return pairs;
    }

    private static List<ResponseWishes.Input> input(List<JsonNode> items, String param) {
        if (items.size() > MOST_ITEMS) {
            throw RefusedException.value(
                    param, param + ": expected at most " + MOST_ITEMS + " items, got " + items.size());
        }
        List<ResponseWishes.Input> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Fields item = Fields.of(items.get(i), param + "[" + i + "]");
            if (item.text("type").orElse("").equals("item_reference")) {
                item.allowing(Set.of("type", "id"));
                all.add(new ResponseWishes.Reference(item.requiredText("id"), item.param("id")));
            } else {
                all.add(new ResponseWishes.Own(ItemReader.read(item)));
            }
        }
        return all;
    }
}
