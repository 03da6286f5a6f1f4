package sparrow.study.scoring;

import java.util.List;

/**
 * Clips that one worker scores together.
 *
 * @param number number of the batch, from 0
 * @param clips clips of the batch, without duplicates
 */
record ClipBatch(int number, List<Clip> clips) {
    ClipBatch {
        clips = List.copyOf(clips);
    }

    /** Returns a description of the batch for messages. */
    @Override
    public String toString() {
        return "batch " + number + " of " + clips.size() + " clips";
    }
}
