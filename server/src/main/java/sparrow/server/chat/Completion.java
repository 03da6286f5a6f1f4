package sparrow.server.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import sparrow.engine.head.UnitFormat;
import sparrow.engine.reply.Step;
import sparrow.models.family.ToolCall;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.PromptUse;
import sparrow.server.message.Ids;
import sparrow.server.reply.Depth;

/**
 * A whole reply, as OpenAI's clients read it.
 *
 * @param id of the reply
 * @param object type of this object
 * @param created in seconds since 1970
 * @param choices one
 * @param sparrow fields that only Sparrow has
 */
record Completion(
        String id, String object, long created, String model, List<Choice> choices, Usage usage, Depth sparrow) {
    Completion(Head head, Message message, String finishReason, Usage usage, Depth sparrow) {
        this(
                head.id(),
                "chat.completion",
                head.created(),
                head.model(),
                List.of(new Choice(0, finishReason, null, message)),
                usage,
                sparrow);
    }

    /** The fields at the beginning of every object of a reply. */
    record Head(String id, long created, String model) {}

    /** @param logprobs always null */
    record Choice(int index, String finishReason, Object logprobs, Message message) {}

    /**
     * @param content text of the reply; null if it is spoken, when its transcript is in {@code audio}
     * @param refusal always null
     * @param audio missing if nothing is spoken
     * @param toolCalls missing if no tool is called
     */
    record Message(
            String role,
            String content,
            String refusal,
            @JsonInclude(JsonInclude.Include.NON_NULL) Audio audio,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Call> toolCalls) {}

    /**
     * @param index in a stream, the position among the calls of the reply; otherwise missing
     * @param id by which a later request refers to the call
     */
    record Call(@JsonInclude(JsonInclude.Include.NON_NULL) Integer index, String id, String type, Function function) {
        static Call of(Integer index, ToolCall call) {
            return new Call(
                    index, Ids.UNGUESSABLE.next("call_"), "function", new Function(call.name(), call.arguments()));
        }
    }

    /** @param arguments a JSON object as text */
    record Function(String name, String arguments) {}

    /**
     * @param id by which a later request can refer to the reply
     * @param data base64 in the requested format
     * @param expiresAt when the reply is removed, in seconds since 1970
     */
    record Audio(String id, String data, long expiresAt, String transcript) {}

    /** The cost of a reply, in tokens. */
    record Usage(
            int promptTokens,
            int completionTokens,
            int totalTokens,
            PromptDetails promptTokensDetails,
            CompletionDetails completionTokensDetails) {
        /** @param cachedTokens tokens whose keys and values were cached */
        record PromptDetails(int audioTokens, int textTokens, int cachedTokens) {}

        record CompletionDetails(int audioTokens, int textTokens) {}

        static Usage of(PooledReply reply, UnitFormat units) {
            PromptUse prompt = reply.prompt();
            int all = reply.reply().steps().size();
            int audio = (int) reply.reply().steps().stream()
                    .map(Step::unit)
                    .filter(units::isSpeech)
                    .count();
            return new Usage(
                    prompt.tokens(),
                    all,
                    prompt.tokens() + all,
                    new PromptDetails(prompt.audio(), prompt.tokens() - prompt.audio(), prompt.cached()),
                    new CompletionDetails(audio, all - audio));
        }
    }
}
