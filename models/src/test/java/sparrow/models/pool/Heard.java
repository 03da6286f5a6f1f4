package sparrow.models.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import sparrow.engine.reply.Step;

/** A listener that keeps all it hears, and can be waited for. */
class Heard implements ReplyListener {
    final StringBuilder text = new StringBuilder();
    final List<Step> steps = new ArrayList<>();
    float[] speech = {};
    PooledReply reply;
    RuntimeException failure;
    int ends;
    private final CountDownLatch over = new CountDownLatch(1);

    @Override
    public void step(Step step) {
        steps.add(step);
    }

    @Override
    public void text(String piece) {
        text.append(piece);
    }

    @Override
    public void speech(float[] samples) {
        float[] all = Arrays.copyOf(speech, speech.length + samples.length);
        System.arraycopy(samples, 0, all, speech.length, samples.length);
        speech = all;
    }

    @Override
    public void ended(PooledReply ended) {
        reply = ended;
        ends++;
        over.countDown();
    }

    @Override
    public void failed(RuntimeException why) {
        failure = why;
        ends++;
        over.countDown();
    }

    /** Waits for the end. */
    Heard await() {
        try {
            if (!over.await(5, TimeUnit.MINUTES)) throw new AssertionError("the reply did not end within five minutes");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (failure != null) throw failure;
        return this;
    }

    int[] tokens() {
        return steps.stream().mapToInt(Step::token).toArray();
    }
}
