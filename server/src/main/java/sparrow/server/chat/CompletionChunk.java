package sparrow.server.chat;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import sparrow.server.reply.Depth;

/**
 * A piece of a reply, as OpenAI's clients read it.
 *
 * @param id of the reply, the same in all pieces
 * @param object type of this object
 * @param created in seconds since 1970
 * @param choices one; none in the piece with the cost of the reply
 * @param usage in the last piece, if it was requested
 * @param sparrow fields that only Sparrow has, in the piece that ends the reply
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

    /** Returns a piece with a delta that does not end the reply. */
    static CompletionChunk of(Completion.Head head, Delta delta) {
        return new CompletionChunk(head, List.of(new Choice(0, delta, null)), null, null);
    }

    /** Returns the piece that ends the reply. */
    static CompletionChunk finished(Completion.Head head, Delta last, String finishReason, Depth sparrow) {
        return new CompletionChunk(head, List.of(new Choice(0, last, finishReason)), null, sparrow);
    }

    /** Returns the piece with the tokens that the reply cost. */
    static CompletionChunk cost(Completion.Head head, Completion.Usage usage) {
        return new CompletionChunk(head, List.of(), usage, null);
    }

    /** @param finishReason null until the end */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Choice(int index, Delta delta, String finishReason) {}

    /** The new parts; missing fields are unchanged. */
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

    /** The new parts of the sound; missing fields are unchanged. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Audio(String id, String transcript, String data, Long expiresAt) {
        /**
         * Returns the beginning of the sound; a reply without speech still has a sound and a transcript, which are
         * empty.
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
