package sparrow.models.lfm3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import sparrow.formats.StrictJson;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.PromptTokens;
import sparrow.models.family.Tool;
import sparrow.models.family.ToolCall;
import sparrow.models.family.ToolFormat;

/**
 * LFM3's tool calls, in the notation that Ollama reads: {@code
 * <tool_call>\n<function=NAME>\n<parameter=KEY>VALUE</parameter>
 * </tool_call>}. The notation in which the original template lists tools and writes their outputs is not published. As
 * for LFM2, the system turn lists tools as JSON, and an output is a turn with the role {@code tool}.
 *
 * @param begin id of {@code <tool_call>}
 * @param end id of {@code </tool_call>}
 */
record Lfm3Tools(Tokenizer tokenizer, int begin, int end, PromptBuilder<List<String>> outputs) implements ToolFormat {
    private static final Pattern CALL =
            Pattern.compile("\\s*<function=([^>\\s]+)>(.*?)(?:</function>)?\\s*", Pattern.DOTALL);

    private static final Pattern PARAMETER =
            Pattern.compile("\\s*<parameter=([^>\\s]+)>(.*?)</parameter>\\s*", Pattern.DOTALL);

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Returns the format, or empty if the tokenizer has no tokens for tool calls. */
    static Optional<ToolFormat> of(Tokenizer tokenizer, Lfm3Prompts prompts) {
        OptionalInt begin = tokenizer.id("<tool_call>");
        OptionalInt end = tokenizer.id("</tool_call>");
        if (begin.isEmpty() || end.isEmpty()) return Optional.empty();
        return Optional.of(new Lfm3Tools(tokenizer, begin.getAsInt(), end.getAsInt(), new Outputs(prompts)));
    }

    /** Returns the system turn's line that lists the tools. */
    static String listing(List<Tool> tools) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (Tool tool : tools) {
            ObjectNode function = list.addObject().put("name", tool.name());
            tool.description().ifPresent(description -> function.put("description", description));
            tool.parameters().ifPresent(parameters -> function.set("parameters", json(parameters)));
        }
        return "List of tools: " + list;
    }

    private static JsonNode json(String object) {
        return StrictJson.object(object.getBytes(StandardCharsets.UTF_8), StrictJson.Bounds.MESSAGE);
    }

    @Override
    public ToolCall parse(String text) {
        Matcher call = CALL.matcher(text);
        if (!call.matches()) throw new IllegalArgumentException("expected <function=NAME> and its parameters");
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        Matcher parameter = PARAMETER.matcher(call.group(2));
        int at = 0;
        while (parameter.find(at) && parameter.start() == at) {
            arguments.set(parameter.group(1), value(parameter.group(2).strip()));
            at = parameter.end();
        }
        if (!call.group(2).substring(at).isBlank()) {
            throw new IllegalArgumentException("expected <parameter=KEY>VALUE</parameter> only");
        }
        return new ToolCall(call.group(1), arguments.toString());
    }

    /** Returns a value as JSON if it is a JSON number, boolean, object or array, and otherwise as a string. */
    private static JsonNode value(String text) {
        try {
            JsonNode array = json("{\"value\": " + text + "}").get("value");
            return array.isTextual() ? JsonNodeFactory.instance.textNode(text) : array;
        } catch (IllegalArgumentException e) {
            return JsonNodeFactory.instance.textNode(text);
        }
    }

    @Override
    public int[] tokens(List<ToolCall> calls) {
        return calls.stream()
                .flatMapToInt(call -> IntStream.concat(
                        IntStream.concat(IntStream.of(begin), IntStream.of(tokenizer.encodeText(text(call)))),
                        IntStream.of(end)))
                .toArray();
    }

    private static String text(ToolCall call) {
        StringBuilder text = new StringBuilder("\n<function=" + call.name() + ">\n");
        for (Map.Entry<String, JsonNode> field : json(call.arguments()).properties()) {
            JsonNode value = field.getValue();
            text.append("<parameter=" + field.getKey() + ">")
                    .append(value.isTextual() ? value.textValue() : value.toString())
                    .append("</parameter>\n");
        }
        return text.toString();
    }

    /** Builds the prompts for tool outputs, each in its own turn. */
    private record Outputs(Lfm3Prompts prompts) implements PromptBuilder<List<String>> {
        @Override
        public PromptTokens first(List<String> outputs, Optional<String> instructions) {
            throw new IllegalArgumentException("tool outputs: expected a call before them");
        }

        @Override
        public PromptTokens later(List<String> outputs) {
            return prompts.outputs(outputs);
        }
    }
}
