package sparrow.server.chat;

import java.time.Instant;
import java.util.List;
import sparrow.engine.decode.GenerationConfig;
import sparrow.engine.reply.StopReason;
import sparrow.models.pool.PooledReply;
import sparrow.server.reply.Ids;
import sparrow.server.reply.ServedModel;

/**
 * A reply that is being made, as far as it does not depend on how it is sent.
 *
 * @param served the model
 * @param request what was asked for
 * @param config how it is answered
 * @param head what its answer begins with
 * @param audioId by which a later request can name it
 * @param expires when it will be forgotten
 * @param kept replies that a later request can name
 */
record Reply(
        ServedModel served,
        ChatRequest request,
        GenerationConfig config,
        Completion.Head head,
        String audioId,
        Instant expires,
        KeptReplies kept) {
    static Reply begin(
            ServedModel served, ChatRequest request, GenerationConfig config, Instant now, KeptReplies kept) {
        return new Reply(
                served,
                request,
                config,
                new Completion.Head(Ids.UNGUESSABLE.next("chatcmpl-"), now.getEpochSecond(), served.id()),
                Ids.UNGUESSABLE.next("audio_"),
                kept.expiry(),
                kept);
    }

    /** Keeps it if it was spoken or called tools, before the client is told of its end. */
    void keep(PooledReply ended, List<Completion.Call> calls) {
        if (!calls.isEmpty()) kept.keep(calls.getFirst().id(), ended.units(), expires);
        if (request.audio().isPresent()) kept.keep(audioId, ended.units(), expires);
    }

    Usage usage(PooledReply reply) {
        return Usage.of(reply, served.model().languageModel().units());
    }

    Depth depth(PooledReply reply) {
        return Depth.of(
                reply, config.plan(), served.model().languageModel().layers(), request.forgotten(), request.caution());
    }

    /** The clients' name of a reason to stop. */
    static String finishReason(StopReason stop, boolean calls) {
        return switch (stop) {
            case END_TOKEN -> calls ? "tool_calls" : "stop";
            case NEW_TOKENS, SPEECH_TAIL, RUNAWAY, CONTEXT_FULL, INTERRUPTED, CANCELLED -> "length";
        };
    }
}
