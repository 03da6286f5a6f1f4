package sparrow.speech.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The Euler steps from noise to mel frames.
 *
 * @param times start times of the steps, ascending from 0; the last step ends at 1; if empty, the checkpoint's number
 *     of steps is used, with cosine spacing
 * @param guidedUntil time from which steps use no guidance; the computation of these steps is halved
 */
public record FlowSchedule(List<Double> times, double guidedUntil) {
    /** Number of steps in all published models, used for checkpoints without {@code n_timesteps}. */
    public static final int USUAL_STEPS = 10;

    /** Maximum number of steps. More steps make no audible difference. */
    public static final int MAX_STEPS = 100;

    /** The steps published with the checkpoint. */
    public static final FlowSchedule PUBLISHED = new FlowSchedule(List.of(), 1);

    /**
     * Five steps, two of them without guidance, which need 8 estimates instead of 20. The times divide the velocity
     * change of the bundled model's flow evenly; docs/results-flow.md contains the measurements.
     */
    public static final FlowSchedule FAST = new FlowSchedule(List.of(0.0, 0.06, 0.16, 0.37, 0.64), 0.3);

    /**
     * A step of the flow.
     *
     * @param index step index, counted from 0
     * @param time time at which the velocity is estimated, in [0, 1)
     * @param length length of the step
     * @param guidance strength g; 0 for a step without an unconditional velocity
     */
    public record Step(int index, float time, float length, float guidance) {
        /**
         * Returns the number of sequences to estimate: the conditional sequence, and an unconditional sequence if there
         * is guidance.
         */
        public int sequences() {
            return guidance == 0 ? 1 : 2;
        }
    }

    /**
     * @throws IllegalArgumentException if the times do not ascend from 0 to below 1, if there are too many times, or if
     *     {@code guidedUntil} is outside [0, 1]; the message is one line
     */
    public FlowSchedule {
        times = List.copyOf(times);
        if (times.size() > MAX_STEPS) {
            throw new IllegalArgumentException("expected 1 to " + MAX_STEPS + " steps, got " + times.size());
        }
        for (int k = 0; k < times.size(); k++) {
            double time = times.get(k);
            if (k == 0 ? time != 0 : !(time > times.get(k - 1) && time < 1)) {
                throw new IllegalArgumentException("expected times that ascend from 0 to below 1, got " + times);
            }
        }
        if (!(guidedUntil >= 0 && guidedUntil <= 1)) {
            throw new IllegalArgumentException("expected a guidance end time from 0 to 1, got " + guidedUntil);
        }
    }

    /** Returns guided Euler steps with cosine spacing; small steps come first. */
    public static FlowSchedule cosine(int steps) {
        requireSteps("steps", steps);
        List<Double> times = IntStream.range(0, steps)
                .mapToObj(k -> 1 - Math.cos(k * Math.PI / 2 / steps))
                .toList();
        return new FlowSchedule(times, 1);
    }

    /**
     * Checks a number of steps.
     *
     * @param key configuration key for the message
     * @throws IllegalArgumentException if the number is less than 1 or too large; the message is one line
     */
    public static void requireSteps(String key, int steps) {
        if (steps < 1 || steps > MAX_STEPS) {
            throw new IllegalArgumentException(key + ": expected 1 to " + MAX_STEPS + ", got " + steps);
        }
    }

    /**
     * Parses a notation: {@code published}, {@code fast}, {@code steps:N} for N steps with cosine spacing, or
     * {@code times:T:T…} with the start times of the second and later steps. {@code +guided:T} ends the guidance at
     * time T.
     *
     * @throws IllegalArgumentException if the notation is none of these; the message is one line
     */
    public static FlowSchedule parse(String notation) {
        String[] parts = notation.split("\\+", -1);
        FlowSchedule schedule = base(parts[0], notation);
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            if (!part.startsWith("guided:")) throw unknown(notation);
            schedule = new FlowSchedule(schedule.times, number(part.substring("guided:".length()), notation));
        }
        return schedule;
    }

    private static FlowSchedule base(String base, String notation) {
        if (base.equals("published")) return PUBLISHED;
        if (base.equals("fast")) return FAST;
        if (base.startsWith("steps:")) {
            try {
                return cosine(Integer.parseInt(base.substring("steps:".length())));
            } catch (NumberFormatException e) {
                throw unknown(notation);
            }
        }
        if (!base.startsWith("times:")) throw unknown(notation);
        List<Double> times = new ArrayList<>(List.of(0.0));
        for (String time : base.substring("times:".length()).split(":", -1)) times.add(number(time, notation));
        return new FlowSchedule(times, 1);
    }

    private static double number(String text, String notation) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw unknown(notation);
        }
    }

    private static IllegalArgumentException unknown(String notation) {
        return new IllegalArgumentException(
                "expected published, fast, steps:N or times:T:T..., optionally followed by +guided:T, got " + notation);
    }

    /**
     * Returns the steps for a flow.
     *
     * @param published number of steps in the checkpoint's configuration
     * @param guidance guidance strength in the checkpoint's configuration
     */
    public List<Step> steps(int published, float guidance) {
        // The fast schedule replaces ten steps; a flow with fewer published steps is already faster.
        boolean usesPublished = times.isEmpty() || equals(FAST) && published < USUAL_STEPS;
        List<Double> starts = usesPublished ? cosine(published).times : times;
        List<Step> steps = new ArrayList<>();
        float t = 0;
        for (int k = 0; k < starts.size(); k++) {
            float end = k + 1 < starts.size() ? starts.get(k + 1).floatValue() : 1;
            float length = end - starts.get(k).floatValue();
            steps.add(new Step(k, t, length, starts.get(k) < guidedUntil ? guidance : 0));
            t += length; // summed as f32, as in the reference
        }
        return List.copyOf(steps);
    }

    /** Returns the notation that {@link #parse} accepts. */
    @Override
    public String toString() {
        if (equals(FAST)) return "fast";
        return base() + (guidedUntil < 1 ? "+guided:" + guidedUntil : "");
    }

    private String base() {
        if (times.isEmpty()) return "published";
        if (times.equals(cosine(times.size()).times)) return "steps:" + times.size();
        return times.stream().skip(1).map(String::valueOf).collect(Collectors.joining(":", "times:", ""));
    }
}
