package sparrow.train;

import sparrow.train.TrainedHead.EpochFigures;

/** Receives the progress of training. */
public interface TrainingListener {
    /** A listener that ignores all events. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * Called when a layer's training begins or resumes.
     *
     * @param done number of steps completed before a checkpoint
     * @param steps total number of steps
     */
    default void begin(int layer, int done, int steps) {}

    /** Called after each step. */
    default void step(int layer) {}

    /**
     * Called when an epoch is complete and measured, or when it was read from the checkpoint from which training
     * resumed.
     */
    default void epoch(int layer, EpochFigures figures) {}
}
