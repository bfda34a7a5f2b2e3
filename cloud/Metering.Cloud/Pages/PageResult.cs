using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.Web.HtmlRendering;

namespace Metering.Cloud.Pages;

/// <summary>
/// Renders a component to the end and only then answers, so that a page that fails half-way is never seen. The plain
/// renderer is used: the component endpoints would bring forgery tokens, and with them keys written to disk.
/// </summary>
internal sealed class PageResult : IResult
{
    private const int BufferCharacters = 8 * 1024;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly PipeOptions WithoutLimit = new(pauseWriterThreshold: 0, resumeWriterThreshold: 0, minimumSegmentSize: 32 * 1024, useSynchronizationContext: false);

    private readonly Type component;
    private readonly int status;
    private readonly Dictionary<string, object?> parameters;

    private PageResult(Type component, int status, Dictionary<string, object?> parameters)
    {
        this.component = component;
        this.status = status;
        this.parameters = parameters;
    }

    /// <summary>A page of this component.</summary>
    public static PageResult Of<TPage>(int status, Dictionary<string, object?> parameters)
        where TPage : IComponent => new(typeof(TPage), status, parameters);

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        Pipe drawn = new(WithoutLimit);
        try
        {
            await DrawAsync(httpContext.RequestServices, drawn.Writer);
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "text/html; charset=utf-8";
            httpContext.Response.ContentLength = null;
            await drawn.Reader.CopyToAsync(httpContext.Response.Body, httpContext.RequestAborted);
        }
        finally
        {
            await drawn.Reader.CompleteAsync(); // gives the buffers back
        }
    }

    private async Task DrawAsync(IServiceProvider services, PipeWriter target)
    {
        await using HtmlRenderer renderer = new(services, services.GetRequiredService<ILoggerFactory>());
        await renderer.Dispatcher.InvokeAsync(async () =>
        {
            HtmlRootComponent page = await renderer.RenderComponentAsync(component, ParameterView.FromDictionary(parameters));
            using StreamWriter writer = new(target.AsStream(leaveOpen: true), Utf8, BufferCharacters, leaveOpen: true);
            page.WriteHtmlTo(writer);
        });
        await target.CompleteAsync();
    }
}
