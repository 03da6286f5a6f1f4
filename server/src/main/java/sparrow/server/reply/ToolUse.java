package sparrow.server.reply;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import sparrow.models.family.Tool;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;

/**
 * The tools that a client offers, as it sent them.
 *
 * @param tools the tool descriptions
 * @param choice {@code auto} or {@code none}; null means {@code auto}
 */
public record ToolUse(List<JsonNode> tools, JsonNode choice) {
    /** No tools. */
    public static final ToolUse NONE = new ToolUse(List.of(), null);

    private static final int MAX = 128;

    /** Maximum number of characters in all descriptions. */
    private static final int MAX_CHARACTERS = 1 << 16;

    private static final int BYTES_PER_CHARACTER = 16;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    public ToolUse {
        tools = List.copyOf(tools);
        // Without tools, a choice is not checked, and what is not understood is not kept.
        if (tools.isEmpty() && !isUnderstood(choice)) choice = null;
    }

    /** Returns whether a client's choice is one of those that can be expressed. */
    public static boolean isUnderstood(JsonNode choice) {
        return choice != null && choice.isTextual() && Set.of("auto", "none").contains(choice.textValue());
    }

    /** A function tool in Chat Completions. */
    private record ChatTool(String type, Function function) {
        ChatTool {
            requireFunction(type);
            Check.required("function", function);
        }
    }

    /** A function tool in Realtime. */
    private record RealtimeTool(String type, String name, String description, JsonNode parameters, JsonNode strict) {
        RealtimeTool {
            requireFunction(type);
            new Function(name, description, parameters, strict);
        }

        Function function() {
            return new Function(name, description, parameters, strict);
        }
    }

    /** A function. {@code strict} is ignored, because clients check the arguments against the schema themselves. */
    private record Function(String name, String description, JsonNode parameters, JsonNode strict) {
        Function {
            if (!NAME.matcher(Check.required("name", name)).matches()) {
                throw RefusedException.value(
                        "name", "name: expected 1 to 64 letters, digits, _ and -, got " + Json.shown(Json.brief(name)));
            }
            if (parameters != null && !parameters.isNull() && !parameters.isObject()) {
                throw RefusedException.mismatch("parameters", "an object", Json.shown(parameters));
            }
        }

        Tool tool() {
            return new Tool(
                    name,
                    Optional.ofNullable(description),
                    Optional.ofNullable(parameters).filter(JsonNode::isObject).map(JsonNode::toString));
        }
    }

    private static void requireFunction(String type) {
        if (Check.required("type", type).equals("function")) return;
        throw RefusedException.value("type", "type: expected function, got " + Json.shown(Json.brief(type)));
    }

    /** Returns a copy with a client's changes. Null leaves a value unchanged. */
    public ToolUse merge(List<JsonNode> newTools, JsonNode newChoice) {
        return new ToolUse(newTools == null ? tools : newTools, newChoice == null ? choice : newChoice);
    }

    /**
     * Returns the tools that the model may call in a chat.
     *
     * @param called whether the model supports tool calls
     * @throws RefusedException if the model does not support tool calls, if a description is invalid, or if a call is
     *     required
     */
    public List<Tool> ofChat(boolean called) {
        return tools(
                called,
                "unsupported_parameter",
                "",
                (tool, place) -> Json.LENIENT.read(tool, ChatTool.class, place).function());
    }

    /**
     * Returns the tools that the model may call in a session or a response.
     *
     * @param place the place of the object that contains the tools
     */
    public List<Tool> ofRealtime(boolean called, String place) {
        return tools(
                called,
                "unsupported_feature",
                place + ".",
                (tool, at) -> Json.STRICT.read(tool, RealtimeTool.class, at).function());
    }

    private List<Tool> tools(boolean called, String code, String place, BiFunction<JsonNode, String, Function> reader) {
        if (tools.isEmpty()) return List.of();
        String param = place + "tools";
        if (!called) throw new RefusedException(code, param, param + ": not supported; this model calls no tools");
        if (tools.size() > MAX) {
            throw RefusedException.value(param, param + ": expected at most " + MAX + ", got " + tools.size());
        }
        if (characters() > MAX_CHARACTERS) {
            throw RefusedException.value(
                    param, param + ": expected at most " + MAX_CHARACTERS + " characters, got " + characters());
        }
        List<Tool> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode tool : tools) {
            String at = param + "[" + read.size() + "]";
            Tool one = reader.apply(tool, at).tool();
            if (!names.add(one.name())) {
                throw RefusedException.value(at, at + ": expected a unique name, got " + one.name() + " again");
            }
            read.add(one);
        }
        return mayCall(code, place + "tool_choice") ? read : List.of();
    }

    /** Returns an estimate of the memory of descriptions in bytes: JSON values take many times their text. */
    public static long bytes(List<JsonNode> tools) {
        return (long) BYTES_PER_CHARACTER * characters(tools);
    }

    /** Returns the number of characters in all descriptions. */
    public int characters() {
        return characters(tools);
    }

    private static int characters(List<JsonNode> tools) {
        return tools.stream().mapToInt(tool -> tool.toString().length()).sum();
    }

    /** Returns whether tools may be called. A required call is rejected, because no model's prompt can express it. */
    private boolean mayCall(String code, String param) {
        if (choice == null || choice.isNull() || choice.asText().equals("auto")) return true;
        if (choice.asText().equals("none")) return false;
        throw new RefusedException(
                code, param, param + ": expected auto or none, the model itself decides; got " + Json.shown(choice));
    }
}
