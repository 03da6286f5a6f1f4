package sparrow.server.realtime;

import java.util.concurrent.Executor;
import sparrow.engine.reply.Step;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.PromptUse;
import sparrow.models.pool.ReplyListener;

/** Takes what the threads of the pool tell to the session's own, in order. */
final class SessionListener implements ReplyListener {
    private final ReplyListener listener;
    private final Executor session;

    SessionListener(ReplyListener listener, Executor session) {
        this.listener = listener;
        this.session = session;
    }

    @Override
    public void begun(PromptUse prompt) {
        session.execute(() -> listener.begun(prompt));
    }

    @Override
    public void step(Step step) {
        session.execute(() -> listener.step(step));
    }

    @Override
    public void text(String piece) {
        session.execute(() -> listener.text(piece));
    }

    @Override
    public void speech(float[] samples) {
        session.execute(() -> listener.speech(samples));
    }

    @Override
    public void ended(PooledReply reply) {
        session.execute(() -> listener.ended(reply));
    }

    @Override
    public void failed(RuntimeException failure) {
        session.execute(() -> listener.failed(failure));
    }

    @Override
    public boolean isReady() {
        return listener.isReady();
    }
}
