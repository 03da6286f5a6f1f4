package sparrow.engine.decode;

import sparrow.engine.exit.Logits;
import sparrow.engine.interleave.InterleaveTracker;
import sparrow.engine.interleave.Modality;
import sparrow.engine.sample.Sampler;

/**
 * Where the tokens of a reply have got to: which modality comes next, which ids count as seen, and the last token. It can go
 * back to where it was, when tokens that were only drafted are taken back.
 */
final class Course {
    private final InterleaveTracker tracker;
    private final Sampler sampler;
    private int last;

    /** A place to go back to. */
    record Mark(InterleaveTracker.Mark tracker, int seen, int last) {}

    /**
     * @param sampler that has seen the prompt
     */
    Course(InterleaveTracker tracker, Sampler sampler) {
        this.tracker = tracker;
        this.sampler = sampler;
    }

    Modality modality() {
        return tracker.modality();
    }

    int chunkPosition() {
        return tracker.chunkPosition();
    }

    int speechTail() {
        return tracker.speechTail();
    }

    /** The token accepted last. */
    int last() {
        return last;
    }

    /**
     * @param position that decides, in its sequence
     */
    int choose(Logits logits, int position) {
        return sampler.choose(logits, position);
    }

    void accept(int token) {
        sampler.observe(token);
        tracker.accept(token);
        last = token;
    }

    Mark mark() {
        return new Mark(tracker.mark(), sampler.mark(), last);
    }

    void rollBack(Mark mark) {
        tracker.rollBack(mark.tracker);
        sampler.rollBack(mark.seen);
        last = mark.last;
    }
}
