package sparrow.server.chat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import sparrow.engine.reply.StopReason;
import sparrow.models.pool.PooledReply;
import sparrow.server.audio.AudioEncoder;
import sparrow.server.audio.ChatFormat;
import sparrow.server.reply.Answering;
import sparrow.server.reply.Depth;

/**
 * A reply that is being generated, independent of how it is sent.
 *
 * @param request the request
 * @param forgotten number of the oldest turns that were dropped because they exceeded the context window
 * @param audio audio format, or empty if only text is requested
 * @param streams whether chunks are sent as they are generated
 * @param usage whether a stream ends with the number of tokens used
 * @param head first fields of every object in the response
 * @param audioId id by which a later request can refer to the audio
 * @param expires time at which the stored reply is removed
 * @param kept replies to which a later request can refer
 */
record Reply(
        Answering.ReplyRequest request,
        int forgotten,
        Optional<ChatFormat> audio,
        boolean streams,
        boolean usage,
        Completion.Head head,
        String audioId,
        Instant expires,
        KeptReplies kept) {
    /** Returns an encoder for the reply's audio, or empty if only text is requested. */
    Optional<AudioEncoder> encoder() {
        return audio.map(format -> format.encoder(request.sampleRateHz()));
    }

    /**
     * Stores the reply if it was spoken or called tools. Must be called before the client is notified that the reply
     * has ended.
     */
    void keep(PooledReply ended, List<Completion.Call> calls) {
        if (!calls.isEmpty()) kept.keep(calls.getFirst().id(), ended.units(), expires);
        if (audio.isPresent()) kept.keep(audioId, ended.units(), expires);
    }

    Completion.Usage cost(PooledReply ended) {
        return Completion.Usage.of(ended, request.model().languageModel().units());
    }

    Depth depth(PooledReply ended) {
        return request.depth(ended, forgotten);
    }

    /** Returns OpenAI's name for a stop reason. */
    static String finishReason(StopReason stop, boolean calls) {
        return switch (stop) {
            case END_TOKEN -> calls ? "tool_calls" : "stop";
            case NEW_TOKENS, SPEECH_TAIL, RUNAWAY, CONTEXT_FULL, INTERRUPTED, CANCELLED -> "length";
        };
    }
}
