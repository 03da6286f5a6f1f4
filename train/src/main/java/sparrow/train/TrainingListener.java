package sparrow.train;

import sparrow.train.TrainedHead.EpochFigures;

/** Receives the progress of training. */
public interface TrainingListener {
    /** Ignores it. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * A layer's training begins or resumes.
     *
     * @param done steps that were done before a checkpoint
     * @param steps all of them
     */
    default void begin(int layer, int done, int steps) {}

    /** A step is done. */
    default void step(int layer) {}

    /** An epoch is done and measured, now or before the checkpoint that training went on from. */
    default void epoch(int layer, EpochFigures figures) {}
}
