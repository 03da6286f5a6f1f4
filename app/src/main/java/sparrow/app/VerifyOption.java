package sparrow.app;

import java.util.Optional;
import picocli.CommandLine.Option;
import sparrow.engine.exit.Verification;

/** The verification of early tokens. */
final class VerifyOption {
    @Option(
            names = "--verify",
            paramLabel = "VERIFICATION",
            description =
                    "The question that full depth is asked about early tokens. none: no question, SPAR-K; measure: the tokens"
                            + " that it would have chosen too are counted; exact: early tokens are drafts, and the first one"
                            + " that it would not have chosen is replaced, so that the reply is that of full depth. Default:"
                            + " exact for drafts, else measure where it costs little (--speech-logits speech), else none.")
    private Verification verification;

    /** Empty if it was not given. */
    Optional<Verification> verification() {
        return Optional.ofNullable(verification);
    }
}
