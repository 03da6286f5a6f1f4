/**
 * What all clients of a service with OpenAI's protocol share (recognisers, judges). {@link OpenAiService} asks, {@link
 * Endpoint} has its address and how patiently it is asked, and {@link ApiKey} its key. There is one way to say what
 * went wrong. The package knows neither audio nor judgements.
 */
package sparrow.study.http;
