package sparrow.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Serves a page's files from a folder of the class path. */
public final class StaticPage implements Endpoint {
    /** Forbids scripts and audio from other origins, and framing by another page. */
    private static final String POLICY = "default-src 'self'; media-src 'self' blob:;"
            + " img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "json", "application/json",
            "ico", "image/x-icon",
            "wasm", "application/wasm");

    private static final String NAME = "[a-z0-9][a-z0-9.-]*";

    private final ClassLoader loader;
    private final String folder;

    /**
     * Creates an endpoint.
     *
     * @param folder the folder of the class path, without a slash at either end
     */
    public StaticPage(ClassLoader loader, String folder) {
        this.loader = loader;
        this.folder = folder;
    }

    /** Returns whether a path is the root or has the form of a file name. */
    public static boolean couldServe(String path) {
        return path.equals("/") || (path.matches("/" + NAME) && type(path) != null);
    }

    private static String type(String name) {
        return TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    }

    @Override
    public void answer(HttpExchange exchange) throws IOException {
        String name = exchange.rest().isEmpty() ? "index.html" : exchange.rest();
        String type = type(name);
        // A name must be a file name in this folder.
        if (type == null || !name.matches(NAME)) throw notFound();
        byte[] bytes;
        try (InputStream in = loader.getResourceAsStream(folder + "/" + name)) {
            if (in == null) throw notFound();
            bytes = in.readAllBytes();
        }
        exchange.header("content-security-policy", POLICY);
        exchange.header("referrer-policy", "no-referrer");
        exchange.header("cache-control", "no-cache");
        exchange.send(200, type, bytes);
    }

    private static HttpFailure notFound() {
        return HttpFailure.refused(404, "not_found", "address: not found");
    }
}
