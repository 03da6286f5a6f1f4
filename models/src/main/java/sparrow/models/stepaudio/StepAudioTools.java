package sparrow.models.stepaudio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import sparrow.formats.StrictJson;
import sparrow.formats.text.Tokenizer;
import sparrow.models.family.PromptBuilder;
import sparrow.models.family.Tool;
import sparrow.models.family.ToolCall;
import sparrow.models.family.ToolFormat;

/**
 * Step-Audio-2's tool calls, as in its examples and StepFun's serving code. After the end of speech, each call is
 * {@code <tool_call>function\nNAME\nARGUMENTS</tool_call>}, with nothing between calls.
 *
 * @param speechEnd the token that ends speech
 */
record StepAudioTools(Tokenizer tokenizer, int speechEnd, int begin, int end, PromptBuilder<List<String>> outputs)
        implements ToolFormat {
    private static final String FUNCTION = "function\n";

    /** Returns the format, or empty if the tokenizer has no tokens for tool calls. */
    static Optional<ToolFormat> of(Tokenizer tokenizer, StepAudioPrompts prompts) {
        OptionalInt speechEnd = tokenizer.id("<tts_end>");
        OptionalInt begin = tokenizer.id("<tool_call>");
        OptionalInt end = tokenizer.id("</tool_call>");
        if (speechEnd.isEmpty() || begin.isEmpty() || end.isEmpty()) return Optional.empty();
        return Optional.of(new StepAudioTools(
                tokenizer, speechEnd.getAsInt(), begin.getAsInt(), end.getAsInt(), prompts.outputs()));
    }

    @Override
    public ToolCall parse(String text) {
        int lineEnd = text.indexOf('\n', FUNCTION.length());
        if (!text.startsWith(FUNCTION) || lineEnd < 0) {
            throw new IllegalArgumentException("expected function, a name and arguments on separate lines");
        }
        return new ToolCall(text.substring(FUNCTION.length(), lineEnd), text.substring(lineEnd + 1));
    }

    @Override
    public int[] tokens(List<ToolCall> calls) {
        IntStream all = calls.stream()
                .flatMapToInt(call -> concat(
                        IntStream.of(begin),
                        IntStream.of(tokenizer.encodeText(FUNCTION + call.name() + "\n")),
                        IntStream.of(tokenizer.encodeText(call.arguments())),
                        IntStream.of(end)));
        return concat(IntStream.of(speechEnd), all).toArray();
    }

    private static IntStream concat(IntStream... parts) {
        return List.of(parts).stream().flatMapToInt(part -> part);
    }

    /** Returns the content of the turn that describes tools, formatted as by Python's {@code json.dumps}. */
    static String schemas(List<Tool> tools) {
        return tools.stream().map(tool -> pythonJson(schema(tool))).collect(Collectors.joining(", ", "[", "]"));
    }

    private static ObjectNode schema(Tool tool) {
        ObjectNode function = JsonNodeFactory.instance.objectNode().put("name", tool.name());
        tool.description().ifPresent(description -> function.put("description", description));
        tool.parameters()
                .ifPresent(parameters -> function.set(
                        "parameters",
                        StrictJson.object(parameters.getBytes(StandardCharsets.UTF_8), StrictJson.Bounds.MESSAGE)));
        return JsonNodeFactory.instance.objectNode().put("type", "function").set("function", function);
    }

    /** Formats JSON with a space after every comma and colon. */
    private static String pythonJson(JsonNode node) {
        if (node.isObject()) {
            return node.properties().stream()
                    .map(field -> TextNode.valueOf(field.getKey()) + ": " + pythonJson(field.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (!node.isArray()) return node.toString();
        return StreamSupport.stream(node.spliterator(), false)
                .map(StepAudioTools::pythonJson)
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
