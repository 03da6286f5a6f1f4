package sparrow.server.realtime;

import java.util.function.BooleanSupplier;
import sparrow.engine.reply.Step;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.PromptUse;
import sparrow.models.pool.ReplyListener;

/** Takes what comes of a reply to its response. In a session's turn, but for {@link #isReady}. */
final class ResponseListener implements ReplyListener {
    private final Responses responses;
    private final RunningResponse response;
    private final BooleanSupplier ready;

    ResponseListener(Responses responses, RunningResponse response, BooleanSupplier ready) {
        this.responses = responses;
        this.response = response;
        this.ready = ready;
    }

    @Override
    public void begun(PromptUse prompt) {
        responses.begun(response);
    }

    @Override
    public void step(Step step) {
        response.step(step);
    }

    @Override
    public void text(String piece) {
        response.text(piece);
    }

    @Override
    public void speech(float[] samples) {
        responses.speech(response, samples);
    }

    @Override
    public void ended(PooledReply reply) {
        responses.ended(response, reply);
    }

    @Override
    public void failed(RuntimeException failure) {
        responses.failed(response, failure);
    }

    @Override
    public boolean isReady() {
        return ready.getAsBoolean();
    }
}
