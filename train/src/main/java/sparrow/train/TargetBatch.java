package sparrow.train;

/** The last layer's distributions at some positions, over the tokens of a head. */
sealed interface TargetBatch permits ExactTargets, TopTargets {
    /** Sum over the tokens whose probability is known of p x score. */
    double expectedScore(int position, float[] scores, int at);

    /** Probability of the tokens that are known one by one. */
    double known(int position);

    /**
     * Turns a head's probabilities q into the gradient of the cross-entropy with respect to its scores.
     *
     * @return what the tokens that are not known one by one add to the cross-entropy
     */
    double toGradient(int position, float[] probabilities, int at);

    /** Entropy in nats. */
    double entropy(int position);
}
