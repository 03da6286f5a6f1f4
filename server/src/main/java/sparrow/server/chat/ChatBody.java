package sparrow.server.chat;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import sparrow.models.family.Tool;
import sparrow.models.family.ToolCall;
import sparrow.server.message.Check;
import sparrow.server.message.Json;
import sparrow.server.message.RefusedException;
import sparrow.server.reply.RequestOverrides;
import sparrow.server.reply.ToolUse;

/**
 * The body of a chat request in OpenAI's format. A missing key is null. Known keys that are not supported are rejected;
 * unknown keys are ignored.
 *
 * @param maxTokens the old name of {@code maxCompletionTokens}
 * @param sparrow early-exit settings
 */
record ChatBody(
        String model,
        List<Message> messages,
        List<String> modalities,
        Audio audio,
        Boolean stream,
        StreamOptions streamOptions,
        Integer maxCompletionTokens,
        Integer maxTokens,
        Double temperature,
        Double topP,
        Long seed,
        Map<String, String> metadata,
        List<JsonNode> tools,
        JsonNode toolChoice,
        Boolean parallelToolCalls,
        JsonNode functions,
        JsonNode stop,
        Boolean logprobs,
        JsonNode topLogprobs,
        Long n,
        Double frequencyPenalty,
        Double presencePenalty,
        ResponseFormat responseFormat,
        JsonNode sparrow) {
    private static final int MAX_MESSAGES = 1000;
    private static final int MAX_CHARACTERS = 1 << 20;

    public ChatBody {
        Check.required("model", model);
        // An empty list is rejected later, so that an unknown model is reported first.
        messages = messages == null ? List.of() : messages;
        if (messages.size() > MAX_MESSAGES) {
            throw RefusedException.value(
                    "messages", "messages: expected at most " + MAX_MESSAGES + ", got " + messages.size());
        }
        requireTokenizable(messages);
        requireEmpty("functions", functions, "use tools instead");
        requireEmpty("stop", stop, "only the model ends replies");
        if (isTrue(logprobs) || isGiven(topLogprobs))
            throw RefusedException.unsupported("logprobs", "probabilities are not returned");
        if (n != null && n != 1) throw RefusedException.unsupported("n", "only one choice is generated");
        requireZero("frequency_penalty", frequencyPenalty);
        requireZero("presence_penalty", presencePenalty);
        if (responseFormat != null && !responseFormat.type().equals("text")) {
            throw RefusedException.unsupported("response_format", "replies are text and speech");
        }
        Check.metadata(metadata);
        Check.whole("max_completion_tokens", maxCompletionTokens, 1, Integer.MAX_VALUE);
        Check.whole("max_tokens", maxTokens, 1, Integer.MAX_VALUE);
        Check.number("temperature", temperature, 0, 2);
        Check.number("top_p", topP, 0, 1);
        if (topP != null && topP == 0) {
            throw RefusedException.value("top_p", "top_p: expected more than 0 and at most 1, got 0");
        }
        for (String modality : modalities == null ? List.<String>of() : modalities) {
            if (!modality.equals("text") && !modality.equals("audio")) {
                throw RefusedException.value(
                        "modalities", "modalities: expected text and audio, got " + Json.brief(modality));
            }
        }
    }

    /** Limits the length of the text, because its number of tokens is unknown until it has been tokenized. */
    private static void requireTokenizable(List<Message> messages) {
        long characters = characters(messages);
        if (characters <= MAX_CHARACTERS) return;
        throw RefusedException.value(
                "messages", "messages: expected at most " + MAX_CHARACTERS + " characters of text, got " + characters);
    }

    /** Returns the number of characters of text. */
    long characters() {
        return characters(messages);
    }

    private static long characters(List<Message> messages) {
        return messages.stream()
                .flatMap(ChatBody::texts)
                .filter(Objects::nonNull)
                .mapToLong(String::length)
                .sum();
    }

    /** Returns whether a message contains a recording. */
    boolean hasRecordings() {
        return messages.stream()
                .filter(message -> message.content() != null)
                .flatMap(message -> message.content().stream())
                .anyMatch(part -> part.inputAudio() != null);
    }

    private static Stream<String> texts(Message message) {
        Stream<Part> parts = message.content() == null ? Stream.of() : message.content().stream();
        return Stream.concat(
                parts.flatMap(part -> Stream.of(part.text(), part.refusal())),
                message.toolCalls().stream()
                        .flatMap(call -> Stream.of(
                                call.function().name(), call.function().arguments())));
    }

    private static void requireEmpty(String name, JsonNode value, String why) {
        if (isGiven(value) && !(value.isContainerNode() && value.isEmpty()))
            throw RefusedException.unsupported(name, why);
    }

    private static void requireZero(String name, Double penalty) {
        Check.number(name, penalty, -2, 2);
        if (penalty != null && penalty != 0) throw RefusedException.unsupported(name, "it is always 0");
    }

    private static boolean isGiven(JsonNode value) {
        return value != null && !value.isNull();
    }

    static boolean isTrue(Boolean flag) {
        return flag != null && flag;
    }

    /**
     * Returns the tools that the model may call.
     *
     * @param called whether the model supports tool calls
     * @throws RefusedException if the model cannot use the tools as requested
     */
    List<Tool> tools(boolean called) {
        List<Tool> read = ToolUse.NONE.merge(tools, toolChoice).ofChat(called);
        if (tools != null && !tools.isEmpty() && parallelToolCalls != null && !parallelToolCalls) {
            throw RefusedException.unsupported("parallel_tool_calls", "the model decides how many calls it makes");
        }
        return read;
    }

    /** Returns whether a spoken reply is requested. */
    boolean isSpoken() {
        return modalities != null && modalities.contains("audio");
    }

    /** Returns the client's values that replace the server's defaults. */
    RequestOverrides overrides() {
        Integer tokens = maxCompletionTokens == null ? maxTokens : maxCompletionTokens;
        return new RequestOverrides(temperature, topP, seed, tokens, null).withExits(sparrow, "sparrow");
    }

    /** The requested audio format and voice, which are required and checked only if the reply is spoken. */
    record Audio(JsonNode voice, String format) {
        /** Returns the name of the voice, which may be given as text or as an object. */
        String voiceName() {
            String place = isGiven(voice) && voice.isObject() ? "audio.voice.id" : "audio.voice";
            JsonNode name = place.endsWith("id") ? voice.get("id") : voice;
            if (!isGiven(name)) return Check.required(place, null);
            if (name.isTextual()) return name.textValue();
            throw new RefusedException("invalid_type", place, place + ": expected a string, got " + Json.shown(name));
        }
    }

    /** Options of a streamed reply. */
    record StreamOptions(Boolean includeUsage) {}

    /** The requested type of reply; only text is supported. */
    record ResponseFormat(String type) {
        public ResponseFormat {
            Check.required("type", type);
        }
    }

    /**
     * A chat message.
     *
     * @param content the parts; a string is read as one part
     * @param audio a reference to an earlier reply, instead of the parts
     * @param toolCalls the reply's tool calls, which follow its parts
     * @param toolCallId the id of the call that produced this output
     */
    record Message(
            String role,

            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            List<Part> content,

            Reference audio,
            List<Call> toolCalls,
            String toolCallId) {
        public Message {
            Check.required("role", role);
            toolCalls = toolCalls == null ? List.of() : toolCalls;
        }
    }

    /** A tool call. */
    record Call(String id, Function function) {
        public Call {
            Check.required("id", id);
            Check.required("function", function);
        }
    }

    /** @param arguments the text of a JSON object */
    record Function(String name, String arguments) {
        public Function {
            Check.required("name", name);
            Check.required("arguments", arguments);
        }

        /**
         * Returns the tool call.
         *
         * @throws RefusedException if the arguments are not a JSON object
         */
        ToolCall call(String place) {
            try {
                return new ToolCall(name, arguments);
            } catch (IllegalArgumentException e) {
                throw RefusedException.value(place + ".arguments", place + "." + e.getMessage());
            }
        }
    }

    /** A reference to an earlier reply that the server still stores. */
    record Reference(String id) {
        public Reference {
            Check.required("id", id);
        }
    }

    /** A part of a message. */
    record Part(String type, String text, String refusal, Recording inputAudio) {
        @JsonCreator
        public Part {
            switch (Check.required("type", type)) {
                case "text" -> Check.required("text", text);
                case "refusal" -> Check.required("refusal", refusal);
                case "input_audio" -> Check.required("input_audio", inputAudio);
                default -> {}
            }
        }

        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Part of(String text) {
            return new Part("text", text, null, null);
        }
    }

    /** @param data the recording in base64 */
    record Recording(String format, String data) {
        public Recording {
            Check.required("format", format);
            Check.required("data", data);
        }
    }
}
