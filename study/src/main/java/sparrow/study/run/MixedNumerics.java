package sparrow.study.run;

import java.nio.file.Path;
import java.util.Optional;
import sparrow.formats.weights.BadFileException;
import sparrow.tensor.kernel.VectorWidth;

/** A rule for runs that were begun with other numerics, which change the last bits of results. */
public enum MixedNumerics {
    /** Only a run that the numerics of this machine had a part in is resumed. */
    REFUSED,
    /** A run of other numerics is resumed, too. Its manifest names both from then on, and either may resume it. */
    ALLOWED;

    /**
     * The manifest of a run that is resumed.
     *
     * @param file that holds the earlier manifest, for the message
     * @param before the earlier manifest
     * @param now that of this machine, alike otherwise
     * @throws BadFileException in one line if the run must not be resumed
     */
    RunManifest manifest(Path file, RunManifest before, RunManifest now) {
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
            case REFUSED ->
                throw new BadFileException(
                        file, NumericsFingerprints.KEY, kept.get().refusal(here, preferredBits(here)));
            case ALLOWED ->
                before.with(NumericsFingerprints.KEY, kept.get().and(here).json());
        };
    }

    /** The reference kernels run on machines without vectors, too. */
    private static int preferredBits(String here) {
        return here.startsWith("vector-") ? VectorWidth.preferred() : 0;
    }
}
