using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Metering.Cloud.Pages;

/// <summary>
/// Renders a component to the end and only then answers, so that a page that fails half-way is never seen. The plain
/// renderer is used: the component endpoints would bring forgery tokens, and with them keys written to disk.
/// </summary>
internal sealed class PageResult : IResult
{
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
        IServiceProvider services = httpContext.RequestServices;
        await using HtmlRenderer renderer = new(services, services.GetRequiredService<ILoggerFactory>());
        string html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync(component, ParameterView.FromDictionary(parameters))).ToHtmlString());
        byte[] bytes = Encoding.UTF8.GetBytes(html);
        httpContext.Response.StatusCode = status;
        httpContext.Response.ContentType = "text/html; charset=utf-8";
        httpContext.Response.ContentLength = null;
        await httpContext.Response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}
