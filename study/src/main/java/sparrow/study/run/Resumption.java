package sparrow.study.run;

import java.nio.file.Path;
import java.util.Optional;
import sparrow.engine.kernel.VectorWidth;
import sparrow.engine.weights.BadFileException;

/** Which runs may be gone on with here: the last bits of results depend on what computes them. */
public enum Resumption {
    /** Those that this machine's arithmetic had a part in. */
    ALIKE,
    /** Those of another arithmetic too. Their facts name both from then on, and either may go on. */
    MIXING;

    /**
     * The facts of a run that is gone on with.
     *
     * @param file where the earlier facts come from, for the message
     * @param before the earlier facts
     * @param now those of this machine, alike otherwise
     * @throws BadFileException in one line if it must not go on
     */
    RunFacts facts(Path file, RunFacts before, RunFacts now) {
        Optional<NumericsFingerprints> kept = NumericsFingerprints.in(file, before);
        Optional<NumericsFingerprints> own = NumericsFingerprints.in(file, now);
        if (own.isEmpty()) return before;
        String here = own.get().names().getFirst();
        if (kept.isEmpty()) {
            throw new BadFileException(
                    file, NumericsFingerprints.KEY, "expected a text or a list of texts, found none");
        }
        if (kept.get().names().contains(here)) return before;
        return switch (this) {
            case ALIKE ->
                throw new BadFileException(
                        file, NumericsFingerprints.KEY, kept.get().refusal(here, preferredBits(here)));
            case MIXING ->
                before.with(NumericsFingerprints.KEY, kept.get().and(here).json());
        };
    }

    /** The reference kernels run where there are no vectors to ask about. */
    private static int preferredBits(String here) {
        return here.startsWith("vector-") ? VectorWidth.preferred() : 0;
    }
}
