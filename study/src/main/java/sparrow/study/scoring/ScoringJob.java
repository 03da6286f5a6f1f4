package sparrow.study.scoring;

import java.io.IOException;
import sparrow.models.SpokenModel;
import sparrow.study.run.Job;
import sparrow.study.run.Worker;

/**
 * Scores clips with a recogniser and an opinion scorer that each worker opens.
 *
 * @param asr a recogniser in the notation of {@link ScoringPlan}, with a path that is valid on every worker
 * @param mos an opinion scorer in the notation of {@link ScoringPlan}, with a path that is valid on every worker
 * @param threads number of concurrent threads, or null to use the model's number of threads
 */
record ScoringJob(String asr, String mos, Integer threads) implements Job<ClipBatch, AudioScores> {
    @Override
    public Worker<ClipBatch, AudioScores> open(SpokenModel model) throws IOException {
        int atOnce = threads != null
                ? threads
                : model.languageModel().transformer().kernels().pool().threads();
        AudioScorer scorer = AudioScorer.open(asr, mos, atOnce);
        return new ScoringWorker(scorer, scorer::close);
    }
}
