package sparrow.app;

import java.util.Optional;
import picocli.CommandLine.Option;
import sparrow.engine.exit.Refresh;

/** What full depth does about early tokens. */
final class RefreshOption {
    @Option(
            names = "--refresh",
            paramLabel = "REFRESH",
            description =
                    "What becomes of early tokens at the next position of full depth. fill: nothing, SPAR-K; check: the"
                            + " final head is asked about them too, and those that it would have chosen are counted; redo:"
                            + " they are drafts, and the first one that it would not have chosen is replaced, so that the"
                            + " reply is that of full depth. Default: redo for drafts, else check where it costs little"
                            + " (--speech-logits speech), else fill.")
    private Refresh refresh;

    /** Empty if it was not given. */
    Optional<Refresh> refresh() {
        return Optional.ofNullable(refresh);
    }
}
