package sparrow.server.page;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import sparrow.engine.decode.Limits;
import sparrow.models.SpokenModels;
import sparrow.models.chat.ChatHistory;
import sparrow.models.pool.PoolOptions;
import sparrow.models.pool.PooledReply;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.ReplyOptions;
import sparrow.models.pool.SpeechMode;
import sparrow.server.Running;
import sparrow.server.ServerOptions;
import sparrow.server.vad.SileroNetwork;

/** A server with the page and the bundled model behind it. */
public interface TalkingServer extends AutoCloseable {
    /** Where the page is. */
    URI address();

    @Override
    void close();

    /** One that runs already where the property {@code sparrow.browser.server} holds its address; else one for this test. */
    static TalkingServer start() throws IOException {
        String address = System.getProperty("sparrow.browser.server", "");
        return address.isEmpty() ? Own.start(Running.OPTIONS) : new Elsewhere(URI.create(address));
    }

    /** One of the tiny random checkpoint of LFM2.5-Audio, whose replies are noise of so many units. */
    static TalkingServer lfm2(int units) throws IOException {
        SileroNetwork network = SileroNetwork.load();
        return new Own(Running.lfm2(Running.OPTIONS.withVads(network::vad), Limits.newTokens(units)), network);
    }

    /** One that goes on running. */
    record Elsewhere(URI address) implements TalkingServer {
        @Override
        public void close() {}
    }

    /** One for this test, warm, since an answer that comes late cannot be interrupted in time. */
    record Own(Running running, SileroNetwork network) implements TalkingServer {
        public static Own start(ServerOptions options) throws IOException {
            SileroNetwork network = SileroNetwork.load();
            Running running = new Running(
                    options.withQuestions(SpokenModels.bundledQuestions()).withVads(network::vad), PoolOptions.DEFAULT);
            for (int number : List.of(1, 11, 3)) warmUp(running, number);
            return new Own(running, network);
        }

        private static void warmUp(Running running, int number) throws IOException {
            CountDownLatch over = new CountDownLatch(1);
            running.pool.ask(
                    ChatHistory.of(Running.question(number)),
                    new ReplyOptions(running.config(), SpeechMode.PUBLISHED),
                    new ReplyListener() {
                        @Override
                        public void ended(PooledReply reply) {
                            over.countDown();
                        }

                        @Override
                        public void failed(RuntimeException failure) {
                            over.countDown();
                        }
                    });
            try {
                over.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public URI address() {
            return running.server.address();
        }

        @Override
        public void close() {
            running.close();
            network.close();
        }
    }
}
