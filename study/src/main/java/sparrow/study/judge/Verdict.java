package sparrow.study.judge;

/** A judge's verdict on a reply. */
public sealed interface Verdict {
    /**
     * A verdict with a grade.
     *
     * @param points 0 to 100; right and wrong are 100 and 0, so that their mean is the accuracy in percent
     */
    record Graded(double points) implements Verdict {
        public Graded {
            if (!(points >= 0 && points <= 100)) {
                throw new IllegalArgumentException("points: expected 0 to 100, got " + points);
            }
        }
    }

    /**
     * A verdict without a grade.
     *
     * @param reason one-line reason
     */
    record Ungraded(String reason) implements Verdict {}

    /** Returns the grade of a reply that is right (100) or wrong (0). */
    static Verdict correct(boolean correct) {
        return new Graded(correct ? 100 : 0);
    }
}
