package sparrow.train;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sparrow.engine.transformer.Logits;

/**
 * A head of frames against that of the last layer, behind the reply's own codes.
 *
 * @param frames whole frames: nats are added up over the codebooks, and all codes have to agree
 * @param codebooks each alone; of frames that end speech the first counts alone
 */
public record FrameFigures(Figures frames, List<Figures> codebooks) {
    public FrameFigures {
        codebooks = List.copyOf(codebooks);
    }

    /** Whole frames as all speech that there is. */
    HeadAgreement asSpeech() {
        return new HeadAgreement(Optional.of(frames).filter(figures -> figures.positions() > 0), Optional.empty());
    }

    static final class Sum {
        private final Figures.Sum frames = new Figures.Sum();
        private final List<Figures.Sum> codebooks;

        Sum(int codebooks) {
            this.codebooks = Stream.generate(Figures.Sum::new).limit(codebooks).toList();
        }

        /** Adds a frame, with the scores of each codebook that counts. */
        void add(List<Logits> head, List<Logits> last) {
            double[] sums = new double[3];
            boolean all = true;
            for (int codebook = 0; codebook < last.size(); codebook++) {
                Logits own = head.get(codebook);
                Logits target = last.get(codebook);
                double targetEntropy = target.entropy();
                double loss = targetEntropy + own.divergenceFrom(target);
                double entropy = own.entropy();
                int codes = target.values().length;
                boolean agrees = own.best(codes) == target.best(codes);
                codebooks.get(codebook).add(loss, targetEntropy, entropy, agrees);
                all &= agrees;
                sums[0] += loss;
                sums[1] += targetEntropy;
                sums[2] += entropy;
            }
            frames.add(sums[0], sums[1], sums[2], all);
        }

        FrameFigures mean() {
            return new FrameFigures(
                    frames.mean(), codebooks.stream().map(Figures.Sum::mean).toList());
        }
    }
}
