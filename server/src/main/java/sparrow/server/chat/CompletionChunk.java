package sparrow.server.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import sparrow.server.reply.Depth;

/**
 * A chunk of a streamed reply in OpenAI's format.
 *
 * @param id the reply's id, the same in all chunks
 * @param object the type of this object
 * @param created seconds since 1970
 * @param choices one choice, or no choice in the chunk that contains the usage
 * @param usage the usage, which the last chunk contains if it was requested
 * @param sparrow Sparrow's additional fields, in the chunk that ends the reply
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CompletionChunk(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        Completion.Usage usage,
        Depth sparrow) {
    private CompletionChunk(Completion.Head head, List<Choice> choices, Completion.Usage usage, Depth sparrow) {
        this(head.id(), "chat.completion.chunk", head.created(), head.model(), choices, usage, sparrow);
    }

    /** Returns a chunk with a delta, which does not end the reply. */
    static CompletionChunk of(Completion.Head head, Delta delta) {
        return new CompletionChunk(head, List.of(new Choice(0, delta, null)), null, null);
    }

    /** Returns the chunk that ends the reply. */
    static CompletionChunk finished(Completion.Head head, Delta last, String finishReason, Depth sparrow) {
        return new CompletionChunk(head, List.of(new Choice(0, last, finishReason)), null, sparrow);
    }

    /** Returns the chunk that contains the number of tokens used. */
    static CompletionChunk cost(Completion.Head head, Completion.Usage usage) {
        return new CompletionChunk(head, List.of(), usage, null);
    }

    /** A choice, whose {@code finishReason} is null until the reply ends. */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Choice(int index, Delta delta, String finishReason) {}

    /** The new parts of a message; omitted fields are unchanged. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delta(String role, String content, Audio audio, List<Completion.Call> toolCalls) {
        static final Delta NOTHING = new Delta(null, null, null, null);

        static Delta begin(Audio audio) {
            return new Delta("assistant", "", audio, null);
        }

        static Delta content(String piece) {
            return new Delta(null, piece, null, null);
        }

        static Delta audio(Audio piece) {
            return new Delta(null, null, piece, null);
        }

        static Delta call(Completion.Call call) {
            return new Delta(null, null, null, List.of(call));
        }
    }

    /** The new parts of the audio; omitted fields are unchanged. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Audio(String id, String transcript, String data, Long expiresAt) {
        /**
         * Returns the beginning of the audio. A reply without speech still has audio and a transcript, both of which
         * are empty.
         */
        static Audio begin(String id) {
            return new Audio(id, "", "", null);
        }

        static Audio transcript(String piece) {
            return new Audio(null, piece, null, null);
        }

        static Audio data(String base64) {
            return new Audio(null, null, base64, null);
        }

        static Audio expiresAt(long seconds) {
            return new Audio(null, null, null, seconds);
        }
    }
}
