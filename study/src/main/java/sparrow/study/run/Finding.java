package sparrow.study.run;

/**
 * What is found about one question of a batch.
 *
 * @param <F> what is found about one reply
 */
public sealed interface Finding<F> {
    /** Place of the question in its batch. */
    int member();

    /** About its reply in one case. */
    record Found<F>(int member, PolicyCase by, F found) implements Finding<F> {}

    /**
     * It cannot be asked: none of its replies will come.
     *
     * @param reason in one line
     */
    record Failed<F>(int member, String reason) implements Finding<F> {}
}
