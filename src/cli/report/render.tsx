import { renderToStaticMarkup } from 'react-dom/server';
import { type Report, ReportPage } from './ReportPage';

/** The report as one HTML file that needs nothing else. */
export function renderReport(report: Report): string {
  return `<!doctype html>\n${renderToStaticMarkup(<ReportPage report={report} />)}\n`;
}
