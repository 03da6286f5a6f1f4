package sparrow.webrtc;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import sparrow.server.call.CallPort;

/** The server's side of a call, which only records why the call has ended. */
class TestCaller implements CallPort.Caller {
    /** The reasons with which {@link #closed(String)} was called: at most one in a correct implementation. */
    final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

    @Override
    public boolean reserve(long bytes) {
        return true;
    }

    @Override
    public void opened(CallPort.Line line) {}

    @Override
    public void message(String text) {}

    @Override
    public void heard(byte[] samples) {}

    @Override
    public void measured(CallPort.Quality quality) {}

    @Override
    public void fill(short[] frame) {}

    @Override
    public void closed(String reason) {
        closed.add(reason);
    }
}
